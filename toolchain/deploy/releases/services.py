"""What releases ask of AWS: small protocols, so that tests can have fakes that obey every argument.

Every call raises AwsError when AWS refuses it or can't be reached.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from toolchain.deploy.releases.target import Target
from toolchain.errors import AwsError

ABSENT: Literal["absent"] = "absent"
"""The condition of a write that must not replace anything."""


class ChangedError(AwsError):
    """Somebody else has changed it since it was read."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object's size in bytes, and its SHA-256 in hexadecimal, if S3 has checked it when it was stored."""

    size: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """An object's content, and the tag that changes with it."""

    body: bytes
    etag: str


class Bucket(Protocol):
    """The artifact bucket."""

    def head(self, key: str) -> StoredObject | None:
        """What is stored at the key, if anything is."""
        ...

    def read(self, key: str) -> Document | None: ...

    def write(self, key: str, body: bytes, *, sha256: str, only_if: str | None = None) -> str:
        """Store, and give the new etag. S3 compares the content with its SHA-256 (hexadecimal).

        With `only_if`, an etag or ABSENT, raises ChangedError when something else is there.
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
        """
        ...

    def keys(self, prefix: str) -> list[str]:
        """All keys that begin with the prefix, sorted."""
        ...


@dataclass(frozen=True, slots=True)
class Alias:
    """Where an alias points, and the revision that a move has to name."""

    version: str
    revision_id: str


@dataclass(frozen=True, slots=True)
class Version:
    """A published version: `state` is Active when it can be called; `sha256` that of its zip, hexadecimal.

    https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
    """

    state: str
    reason: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Answer:
    """How a call ended; `error` is set when the function failed: `payload` then says how."""

    payload: bytes
    error: str | None
    log_tail: bytes
    version: str


class Functions(Protocol):
    """Lambda; functions are named as on AWS."""

    def alias(self, function: str, name: str) -> Alias | None:
        """The alias, if the function has it."""
        ...

    def move_alias(self, function: str, name: str, *, version: str, revision_id: str) -> Alias:
        """Point the alias to the version, and only there; raises ChangedError if it has another revision."""
        ...

    def version(self, function: str, qualifier: str) -> Version | None:
        """The version of that number or alias, if the function has it."""
        ...

    def versions(self, function: str) -> list[str]:
        """The numbers of all that are published, oldest first."""
        ...

    def aliased(self, function: str) -> set[str]:
        """The versions that any of its aliases sends calls to."""
        ...

    def delete_version(self, function: str, number: str) -> None:
        """Delete it, if it is there; AWS refuses one that an alias points to.

        https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html
        """
        ...

    def log_group(self, function: str) -> str | None:
        """Where the function logs; None when there is no such function."""
        ...

    def invoke(self, function: str, qualifier: str, payload: bytes) -> Answer | None:
        """Call, and wait up to Lambda's 15 minutes; never twice. None when there is no such version."""
        ...


@dataclass(frozen=True, slots=True)
class LogEvent:
    """A line of a log; `time_ms` since 1970, in UTC. `id` is unique in its group."""

    id: str
    time_ms: int
    stream: str
    message: str


class Logs(Protocol):
    """CloudWatch Logs."""

    def events(self, group: str, since_ms: int) -> Iterator[LogEvent]:
        """What was logged at or after that time, oldest first; nothing when there is no such group."""
        ...


class Services(Protocol):
    """AWS, as releases of one stage see it."""

    @property
    def target(self) -> Target: ...
    @property
    def bucket(self) -> Bucket: ...
    @property
    def functions(self) -> Functions: ...
    @property
    def logs(self) -> Logs: ...

    def caller(self) -> str:
        """The ARN of whoever the credentials belong to."""
        ...
