"""botocore's errors as lines for people: what was asked, what AWS said, what to do."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from botocore import exceptions

from toolchain.errors import AwsError

_ADVICE: Mapping[str, str] = {
    "ExpiredToken": "sign in again",
    "ExpiredTokenException": "sign in again",
    "RequestExpired": "sign in again",
    "InvalidClientTokenId": "the credentials are not valid; check AWS_PROFILE, or sign in again",
    "UnrecognizedClientException": "the credentials are not valid; check AWS_PROFILE, or sign in again",
    "SignatureDoesNotMatch": "the credentials are not valid; check AWS_PROFILE, or sign in again",
    "AccessDenied": "these credentials may not; use those of the stage's deployer",
    "AccessDeniedException": "these credentials may not; use those of the stage's deployer",
}


@contextmanager
def calling(action: str, subject: str) -> Iterator[None]:
    """Turn what botocore raises into AwsError; `action` is as in policies: `lambda:GetAlias`."""
    try:
        yield
    except exceptions.ClientError as error:
        code, message = code_of(error), error.response.get("Error", {}).get("Message", "")
        if code == "NoSuchBucket":  # of the stage's own buckets: the first deploy makes them
            raise AwsError("the stage is not deployed; run `invoke deploy`") from error
        advice = _ADVICE.get(code)
        line = f"{action} {subject}: {code}{f': {message}' if message else ''}"
        raise AwsError(f"{line}; {advice}" if advice else line) from error
    except (exceptions.NoCredentialsError, exceptions.PartialCredentialsError) as error:
        raise AwsError("there are no AWS credentials; set AWS_PROFILE, or sign in") from error
    except (exceptions.TokenRetrievalError, exceptions.SSOError) as error:
        raise AwsError("the AWS sign-in has expired; run `aws sso login`, and try again") from error
    except exceptions.BotoCoreError as error:
        raise AwsError(f"{action} {subject}: {error}") from error


def code_of(error: exceptions.ClientError) -> str:
    """AWS's word for what went wrong: `ResourceNotFoundException`."""
    return str(error.response.get("Error", {}).get("Code", "?"))
