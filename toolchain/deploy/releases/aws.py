"""The protocols of services.py, answered by boto3."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError

from toolchain.deploy.releases.aws_errors import calling, code_of
from toolchain.deploy.releases.services import (
    ABSENT,
    Alias,
    Answer,
    ChangedError,
    Document,
    LogEvent,
    StoredObject,
    Version,
)
from toolchain.deploy.releases.target import Target

_CONNECTIONS = 32
# A function may run for 15 minutes, and a call that is tried again runs it again.
_INVOKING = Config(
    read_timeout=930, retries={"total_max_attempts": 1}, tcp_keepalive=True, max_pool_connections=_CONNECTIONS
)
_ASKING = Config(
    read_timeout=30, retries={"mode": "standard", "total_max_attempts": 5}, max_pool_connections=_CONNECTIONS
)


class Cloud:
    """services.Services; a client is made when it is first needed.

    `session` makes the clients, as boto3's Session and toolchain.deploy.cloud's Access do:
    `session.client("s3", config=Config(...))`.
    """

    def __init__(self, target: Target, session: Any) -> None:  # noqa: ANN401  boto3 has no types
        self.target = target
        self._session = session

    @cached_property
    def bucket(self) -> "S3Bucket":
        """The stage's artifact bucket."""
        return S3Bucket(self._session.client("s3", config=_ASKING), self.target.artifact_bucket)

    @cached_property
    def functions(self) -> "LambdaFunctions":
        return LambdaFunctions(
            self._session.client("lambda", config=_ASKING), self._session.client("lambda", config=_INVOKING)
        )

    @cached_property
    def logs(self) -> "CloudWatchLogs":
        return CloudWatchLogs(self._session.client("logs", config=_ASKING))

    def caller(self) -> str:
        """The ARN of whoever the credentials belong to."""
        with calling("sts:GetCallerIdentity", ""):
            return str(self._session.client("sts", config=_ASKING).get_caller_identity()["Arn"])


@dataclass(frozen=True, slots=True)
class S3Bucket:
    """services.Bucket."""

    client: Any
    name: str

    def head(self, key: str) -> StoredObject | None:
        with calling("s3:GetObject", f"{self.name}/{key}"):
            try:
                found = self.client.head_object(Bucket=self.name, Key=key, ChecksumMode="ENABLED")
            except ClientError as error:
                # A HEAD has no body, so the code is the status.
                if code_of(error) in ("404", "NoSuchKey"):
                    return None
                raise
        checksum = found.get("ChecksumSHA256")
        is_whole = checksum and found.get("ChecksumType") != "COMPOSITE"  # else it is one of parts' checksums
        return StoredObject(int(found["ContentLength"]), _hexadecimal(checksum) if is_whole else None)

    def read(self, key: str) -> Document | None:
        with calling("s3:GetObject", f"{self.name}/{key}"):
            try:
                found = self.client.get_object(Bucket=self.name, Key=key)
            except ClientError as error:
                if code_of(error) == "NoSuchKey":
                    return None
                raise
            return Document(found["Body"].read(), str(found["ETag"]))

    def write(self, key: str, body: bytes, *, sha256: str, only_if: str | None = None) -> str:
        condition = {} if only_if is None else {"IfMatch": only_if}
        if only_if == ABSENT:
            condition = {"IfNoneMatch": "*"}
        with calling("s3:PutObject", f"{self.name}/{key}"):
            try:
                stored = self.client.put_object(
                    Bucket=self.name,
                    Key=key,
                    Body=body,
                    ChecksumAlgorithm="SHA256",
                    ChecksumSHA256=base64.b64encode(bytes.fromhex(sha256)).decode(),
                    **condition,
                )
            except ClientError as error:
                # The conflict is with a write that goes on; NoSuchKey: what had the etag is gone.
                if code_of(error) not in ("PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"):
                    raise
                # When the answer to a write is lost, the SDK sends it again: then it is ours that is there.
                found = self.read(key)
                if found is None or found.body != body:
                    raise ChangedError(f"{key}: somebody else has written it") from error
                return found.etag
        return str(stored["ETag"])

    def keys(self, prefix: str) -> list[str]:
        with calling("s3:ListBucket", self.name):
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
            return sorted(str(item["Key"]) for page in pages for item in page.get("Contents", ()))


@dataclass(frozen=True, slots=True)
class LambdaFunctions:
    """services.Functions; `invoking` is a client that waits long and never tries again."""

    client: Any
    invoking: Any

    def alias(self, function: str, name: str) -> Alias | None:
        with calling("lambda:GetAlias", f"{function}:{name}"):
            try:
                return _alias(self.client.get_alias(FunctionName=function, Name=name))
            except self.client.exceptions.ResourceNotFoundException:
                return None

    def move_alias(self, function: str, name: str, *, version: str, revision_id: str) -> Alias:
        with calling("lambda:UpdateAlias", f"{function}:{name}"):
            try:
                return _alias(
                    self.client.update_alias(
                        FunctionName=function,
                        Name=name,
                        FunctionVersion=version,
                        RevisionId=revision_id,
                        RoutingConfig={"AdditionalVersionWeights": {}},
                    )
                )
            except (
                self.client.exceptions.PreconditionFailedException,
                self.client.exceptions.ResourceConflictException,
            ) as error:
                raise ChangedError(f"{function}: somebody else has moved its alias {name}") from error

    def version(self, function: str, qualifier: str) -> Version | None:
        with calling("lambda:GetFunctionConfiguration", f"{function}:{qualifier}"):
            try:
                found = self.client.get_function_configuration(FunctionName=function, Qualifier=qualifier)
            except self.client.exceptions.ResourceNotFoundException:
                return None
        return Version(
            str(found.get("State", "Active")),
            str(found.get("StateReason", "")),
            _hexadecimal(found["CodeSha256"]),
        )

    def versions(self, function: str) -> list[str]:
        with calling("lambda:ListVersionsByFunction", function):
            pages = self.client.get_paginator("list_versions_by_function").paginate(FunctionName=function)
            numbers = [str(one["Version"]) for page in pages for one in page["Versions"]]
        return sorted((number for number in numbers if number != "$LATEST"), key=int)

    def aliased(self, function: str) -> set[str]:
        with calling("lambda:ListAliases", function):
            pages = self.client.get_paginator("list_aliases").paginate(FunctionName=function)
            aliases = [alias for page in pages for alias in page["Aliases"]]
        shifting = [alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {}) for alias in aliases]
        return {str(alias["FunctionVersion"]) for alias in aliases}.union(*shifting)

    def delete_version(self, function: str, number: str) -> None:
        with calling("lambda:DeleteFunction", f"{function}:{number}"):
            try:
                self.client.delete_function(FunctionName=function, Qualifier=number)
            except self.client.exceptions.ResourceNotFoundException:
                return

    def log_group(self, function: str) -> str | None:
        with calling("lambda:GetFunctionConfiguration", function):
            try:
                found = self.client.get_function_configuration(FunctionName=function)
            except self.client.exceptions.ResourceNotFoundException:
                return None
        return str(found.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{function}")

    def invoke(self, function: str, qualifier: str, payload: bytes) -> Answer | None:
        with calling("lambda:InvokeFunction", f"{function}:{qualifier}"):
            try:
                answer = self.invoking.invoke(
                    FunctionName=function, Qualifier=qualifier, Payload=payload, LogType="Tail"
                )
            except self.invoking.exceptions.ResourceNotFoundException:
                return None
            return Answer(
                answer["Payload"].read(),
                answer.get("FunctionError"),
                base64.b64decode(answer.get("LogResult", "")),
                str(answer.get("ExecutedVersion", qualifier)),
            )


@dataclass(frozen=True, slots=True)
class CloudWatchLogs:
    """services.Logs."""

    client: Any

    def events(self, group: str, since_ms: int) -> Iterator[LogEvent]:
        # AWS interleaves the streams whether it is asked to or not; moto has to be asked.
        pages = self.client.get_paginator("filter_log_events").paginate(
            logGroupName=group, startTime=since_ms, interleaved=True
        )
        with calling("logs:FilterLogEvents", group):
            try:
                for page in pages:
                    yield from map(_log_event, page["events"])
            except self.client.exceptions.ResourceNotFoundException:
                return


def _alias(found: dict[str, Any]) -> Alias:
    return Alias(str(found["FunctionVersion"]), str(found["RevisionId"]))


def _log_event(event: dict[str, Any]) -> LogEvent:
    return LogEvent(
        str(event["eventId"]), int(event["timestamp"]), str(event["logStreamName"]), str(event["message"])
    )


def _hexadecimal(checksum: str) -> str:
    return base64.b64decode(checksum).hex()
