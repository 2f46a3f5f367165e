"""The bucket of the states, one for all stages of an account: Terraform can't make it for itself."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from toolchain.deploy.cloud import Access
from toolchain.deploy.releases.aws_errors import calling, code_of
from toolchain.deploy.stages import Stage

_KEPT_DAYS = 90
_PUBLIC_ACCESS = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
_ENCRYPTION = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
_LIFECYCLE = {
    "Rules": [
        {
            "ID": "old-versions",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "NoncurrentVersionExpiration": {"NoncurrentDays": _KEPT_DAYS},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        }
    ]
}

type Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """A property of the bucket: how it is read (None: it has none), whether that will do, how it is set."""

    name: str
    read: Callable[[], Document | None]
    holds: Callable[[Document], bool]
    write: Callable[[], object]


def state_bucket(project_name: str, account_id: str) -> str:
    return f"{project_name}-tfstate-{account_id}"


def exists(access: Access, bucket: str) -> bool:
    """Whether a bucket is there. Raises AwsError when AWS does not tell.

    One that may not be looked at as a whole is there: roles of CI see the objects of their stage alone.
    """
    with calling("s3:ListBucket", bucket):
        try:
            access.client("s3").head_bucket(Bucket=bucket)
        except ClientError as error:
            if code_of(error) in ("404", "NoSuchBucket"):
                return False
            if code_of(error) not in ("403", "AccessDenied"):
                raise
    return True


def bootstrap(access: Access, stage: Stage, bucket: str) -> list[str]:
    """Make the bucket, or mend it; what was done, a line each. The second time there is nothing left to do.

    Versioned, encrypted, without public access, over TLS only, and closed to other accounts' objects.
    """
    done = []
    if not exists(access, bucket):
        _create(access, stage, bucket)
        done.append(f"made the bucket {bucket} in {stage.region}")
    arn = f"arn:{access.session.get_partition_for_region(stage.region)}:s3:::{bucket}"
    for rule in _rules(access.client("s3"), bucket, arn):
        found = rule.read()
        if found is None or not rule.holds(found):
            with calling("s3:PutBucket*", bucket):
                rule.write()
            done.append(f"{bucket}: {rule.name}")
    return done


def _create(access: Access, stage: Stage, bucket: str) -> None:
    # us-east-1 is where S3 began: naming it as the location is an error.
    location = {"CreateBucketConfiguration": {"LocationConstraint": stage.region}}
    with calling("s3:CreateBucket", bucket):
        try:
            access.client("s3").create_bucket(
                Bucket=bucket, **({} if stage.region == "us-east-1" else location)
            )
        except ClientError as error:
            if code_of(error) != "BucketAlreadyOwnedByYou":
                raise


def _rules(s3: Any, bucket: str, arn: str) -> list[Rule]:  # noqa: ANN401  boto3's clients have no types
    """In the order in which they matter: closed first."""
    policy = json.dumps(_policy(arn))
    return [
        Rule(
            "public access is blocked",
            _reader(s3.get_public_access_block, bucket, "PublicAccessBlockConfiguration"),
            lambda found: all(found.get(name) for name in _PUBLIC_ACCESS),
            lambda: s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=_PUBLIC_ACCESS),
        ),
        Rule(
            "requests without TLS are denied",
            _reader(s3.get_bucket_policy, bucket, "Policy"),
            _has_statement,
            lambda: s3.put_bucket_policy(Bucket=bucket, Policy=policy),
        ),
        Rule(
            "versions are kept",
            _reader(s3.get_bucket_versioning, bucket),
            lambda found: found.get("Status") == "Enabled",
            lambda: s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"}),
        ),
        Rule(
            "objects are encrypted",
            _reader(s3.get_bucket_encryption, bucket, "ServerSideEncryptionConfiguration"),
            lambda found: bool(found.get("Rules")),
            lambda: s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=_ENCRYPTION),
        ),
        Rule(
            f"replaced versions are removed after {_KEPT_DAYS} days",
            _reader(s3.get_bucket_lifecycle_configuration, bucket),
            lambda found: bool(found.get("Rules")),
            lambda: s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=_LIFECYCLE),
        ),
    ]


def _reader(get: Callable[..., Any], bucket: str, key: str | None = None) -> Callable[[], Document | None]:
    """Reads a property; None if the bucket has none, which S3 says with an error of its own for each."""

    def read() -> Document | None:
        with calling("s3:GetBucket*", bucket):
            try:
                answer = get(Bucket=bucket)
            except ClientError as error:
                status = error.response["ResponseMetadata"]["HTTPStatusCode"]
                if status == 404:  # NoSuchBucketPolicy and the like
                    return None
                raise
        found = answer if key is None else answer[key]
        document: Document = json.loads(found) if isinstance(found, str) else found
        return document

    return read


def _policy(arn: str) -> Document:
    """As in https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html."""
    statement = {
        "Sid": "OnlyTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _has_statement(policy: Document) -> bool:
    """A team may have added statements of its own."""
    return any(
        one.get("Effect") == "Deny"
        and one.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport") in ("false", False)
        for one in policy.get("Statement", ())
    )
