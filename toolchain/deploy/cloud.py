"""Which cloud a stage is deployed to, and whether the credentials are those of the stage's account."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from toolchain.deploy.stages import LOCAL, Stage
from toolchain.errors import AccountError, LocalCloudError, StageError

_PATIENCE_SECONDS = 10

_EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired")
_INVALID = (
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
    "InvalidAccessKeyId",
    "AuthFailure",
)
_SIGN_IN = "sign in with `aws sso login`, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"


@dataclass(frozen=True, slots=True)
class Access:
    """A way to AWS, or to the local cloud; `environ` is what programs that talk to it are started with."""

    environ: Mapping[str, str]
    is_local: bool
    session: Any

    def client(self, service: str, config: Any = None) -> Any:  # noqa: ANN401  boto3 has no types
        """boto3's client of a service, in the stage's region."""
        endpoint = self.environ.get("AWS_ENDPOINT_URL") or None
        return self.session.client(service, endpoint_url=endpoint, config=config or _patience())


def choose_environment(
    environ: Mapping[str, str], stage: Stage, running: Callable[[], str | None]
) -> dict[str, str]:
    """The environment with which the stage's cloud is reached.

    That is AWS, or what AWS_ENDPOINT_URL names; for the stage `local` also what `invoke up` runs in this
    checkout, whose endpoint `running` gives. Raises LocalCloudError when it does not run, StageError for the
    stage `local` anywhere else. The local cloud takes any credentials, so it is given some if there are none.
    """
    chosen = {**environ, "AWS_REGION": stage.region, "AWS_DEFAULT_REGION": stage.region}
    endpoint = environ.get("AWS_ENDPOINT_URL") or (running() if stage.name == LOCAL else None)
    if endpoint is None:
        chosen.pop("AWS_ENDPOINT_URL", None)
        if stage.name == LOCAL:
            raise LocalCloudError("stage local needs the local cloud; start it with `invoke up --detach`")
        return chosen
    if stage.name == LOCAL and not is_loopback(endpoint):
        raise StageError(
            f"stage local is for the local cloud, but AWS_ENDPOINT_URL is {endpoint};"
            " unset it, or name another"
        )
    chosen["AWS_ENDPOINT_URL"] = _with_address(endpoint)
    if is_loopback(endpoint):
        chosen["AWS_EC2_METADATA_DISABLED"] = "true"
        if not environ.get("AWS_ACCESS_KEY_ID") and not environ.get("AWS_PROFILE"):
            chosen |= {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    return chosen


def is_loopback(url: str) -> bool:
    """Whether a server is on this machine: `http://127.0.0.1:4566`."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _with_address(endpoint: str) -> str:
    """An IP address makes S3 clients put the bucket's name into the path; `bucket.localhost` is no host."""
    parts = urlsplit(endpoint)
    if parts.hostname != "localhost":
        return endpoint
    return urlunsplit(parts._replace(netloc=parts.netloc.replace("localhost", "127.0.0.1")))


def connect(environ: Mapping[str, str], stage: Stage) -> Access:
    """The way to what such an environment reaches. Raises AccountError for a profile that does not exist."""
    import boto3
    from botocore.exceptions import ProfileNotFound

    try:
        session = boto3.Session(
            aws_access_key_id=environ.get("AWS_ACCESS_KEY_ID") or None,
            aws_secret_access_key=environ.get("AWS_SECRET_ACCESS_KEY") or None,
            aws_session_token=environ.get("AWS_SESSION_TOKEN") or None,
            profile_name=environ.get("AWS_PROFILE") or None,
            region_name=stage.region,
        )
    except ProfileNotFound as error:
        raise AccountError(_unknown_profile(environ["AWS_PROFILE"])) from error
    address = Access(environ, False, session).client("sts").meta.endpoint_url  # noqa: FBT003  asked for here
    return Access(environ, is_loopback(address), session)


def _unknown_profile(name: str) -> str:
    from botocore.session import Session

    known = ", ".join(sorted(Session(profile=None).available_profiles))
    choice = f"use one of {known}" if known else "make one with `aws configure sso`, or unset it"
    return f"AWS_PROFILE is {name}, which does not exist; {choice}"


def _patience() -> Any:  # noqa: ANN401  botocore has no types
    from botocore.config import Config

    return Config(connect_timeout=_PATIENCE_SECONDS, retries={"mode": "standard", "total_max_attempts": 3})


def check_account(access: Access, stage: Stage, accounts: Mapping[str, str]) -> None:
    """Nothing, if the caller's account is the stage's; `accounts` are those of all stages, by their names.

    Raises AccountError otherwise, and when the credentials are missing, expired or not valid.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        caller = access.client("sts").get_caller_identity()
    except (BotoCoreError, ClientError, ValueError) as error:
        endpoint = access.environ.get("AWS_ENDPOINT_URL")
        raise AccountError(explain_refusal(error, stage, endpoint)) from error
    if caller["Account"] != stage.account_id:
        others = [name for name, account in sorted(accounts.items()) if account == caller["Account"]]
        whose = f", of stage {' and '.join(others)}" if others else ""
        raise AccountError(
            f"the credentials are of account {caller['Account']}{whose} ({caller['Arn']}), but stage"
            f" {stage.name} is in account {stage.account_id}; use credentials of that account"
        )


def explain_refusal(error: Exception, stage: Stage, endpoint: str | None) -> str:
    """What botocore's error means, and what to do, in one line; `endpoint` is that of AWS_ENDPOINT_URL."""
    from botocore import exceptions as known

    where = f"to account {stage.account_id} of stage {stage.name}"
    if isinstance(error, known.ClientError):
        code = error.response["Error"]["Code"]
        if code in _EXPIRED:
            return f"the AWS credentials are expired; {_SIGN_IN}, {where}"
        if code in _INVALID:
            return f"the AWS credentials are not valid ({code}); {_SIGN_IN}, {where}"
    if isinstance(
        error, known.NoCredentialsError | known.PartialCredentialsError | known.CredentialRetrievalError
    ):
        return f"there are no AWS credentials; {_SIGN_IN}, {where}"
    if isinstance(error, known.SSOError | known.TokenRetrievalError):
        return f"the session of AWS SSO is missing or expired; {_SIGN_IN}, {where}"
    if isinstance(error, known.HTTPClientError | known.ConnectionError):
        return f"AWS can't be reached: {error}; {_unreachable(endpoint)}"
    return f"AWS did not say whose the credentials are: {error}; {_SIGN_IN}, {where}"


def _unreachable(endpoint: str | None) -> str:
    if endpoint is None:
        return "check the network, and HTTPS_PROXY where it needs a proxy"
    if is_loopback(endpoint):
        return "that is AWS_ENDPOINT_URL; start the local cloud with `invoke up --detach`, or unset it"
    return "that is AWS_ENDPOINT_URL; set it to what can be reached, or unset it"
