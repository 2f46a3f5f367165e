"""The lock of a deploy: from its first change to the end of its release.

Terraform's own lock covers one command. This one covers all of them, and what comes after: migrations and
aliases. It is an object beside the state, written only if there is none:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

import getpass
import json
import os
import socket
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from toolchain.deploy.failures import locked
from toolchain.deploy.releases.aws_errors import calling, code_of
from toolchain.errors import DeployError
from toolchain.file_locks import take

type Content = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LockPlace:
    """Where locks of a stage are: objects in the bucket of its state, a file in this checkout."""

    s3: Any
    bucket: str
    stage: str
    file: Path

    @property
    def key(self) -> str:
        return f"stages/{self.stage}/deploy.lock"

    @property
    def terraform_key(self) -> str:
        """Terraform's own: https://developer.hashicorp.com/terraform/language/backend/s3#state-locking."""
        return f"stages/{self.stage}/terraform.tfstate.tflock"


@contextmanager
def deploying(place: LockPlace, operation: str, say: Callable[[str], None]) -> Iterator[None]:
    """Be the only one that changes the stage. Raises DeployError with who holds it otherwise.

    A deploy of this checkout that was killed leaves its object, but not the lock on the file: it is gone for
    certain then, and its object is taken over.
    """
    with _only_one_here(place):
        content = _content(operation, place)
        try:
            _acquire(place, content, say)
            yield
        finally:
            _release(place, content["ID"])


def read_lock(place: LockPlace, key: str) -> Content | None:
    """A lock's content: ID, Operation, Who, Created; None if nobody holds it. Raises AwsError."""
    with calling("s3:GetObject", f"{place.bucket}/{key}"):
        try:
            body = place.s3.get_object(Bucket=place.bucket, Key=key)["Body"].read()
        except ClientError as error:
            if code_of(error) in ("NoSuchKey", "NoSuchBucket"):
                return None
            raise
    try:
        content = json.loads(body)
    except ValueError:
        content = None
    return content if isinstance(content, dict) else {}


def remove_lock(place: LockPlace, key: str) -> None:
    """Raises AwsError when it can't be."""
    with calling("s3:DeleteObject", f"{place.bucket}/{key}"):
        place.s3.delete_object(Bucket=place.bucket, Key=key)


def describe_lock(content: Content) -> str:
    """`ada@laptop since 2026-01-01T10:00:00Z (deploy)`."""
    operation = content.get("Operation", "?").removeprefix("OperationType").lower()
    return f"{content.get('Who', '?')} since {content.get('Created', '?')} ({operation})"


def _content(operation: str, place: LockPlace) -> dict[str, str]:
    """Named as Terraform names them in its own."""
    return {
        "ID": str(uuid.uuid4()),
        "Operation": operation,
        "Who": f"{_user()}@{socket.gethostname()}",
        "Created": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "Info": f"process {os.getpid()}",
        "Path": str(place.file),
    }


def _user() -> str:
    """A name; containers may run as a user that has none."""
    try:
        return getpass.getuser()
    except OSError:
        return str(os.getuid())


def _acquire(place: LockPlace, content: Content, say: Callable[[str], None]) -> None:
    if _put(place, content):
        return
    held = read_lock(place, place.key)
    if held and held.get("Path") == str(place.file) and held.get("Who") == content["Who"]:
        say(f"taking over from a deploy of this checkout that was killed ({held.get('Info')})")
        remove_lock(place, place.key)
        held = None
    if held is None and _put(place, content):
        return
    raise _locked(place, held or read_lock(place, place.key) or {})


def _put(place: LockPlace, content: Content) -> bool:
    """Write the object, if there is none; whether there was none. Raises AwsError."""
    body = json.dumps(content).encode()
    with calling("s3:PutObject", f"{place.bucket}/{place.key}"):
        try:
            place.s3.put_object(Bucket=place.bucket, Key=place.key, Body=body, IfNoneMatch="*")
        except ClientError as error:
            if code_of(error) in ("PreconditionFailed", "ConditionalRequestConflict"):
                return False
            raise
    return True


def _release(place: LockPlace, lock_id: str) -> None:
    """Remove the object, if it is ours: `unlock` may have given the stage to somebody else."""
    held = read_lock(place, place.key)
    if held and held.get("ID") == lock_id:
        remove_lock(place, place.key)


def _locked(place: LockPlace, held: Content) -> DeployError:
    since = held.get("Created", "a moment ago")
    return DeployError(
        locked(place.stage, held.get("Who", "somebody"), since, held.get("Operation", "deploy"))
    )


@contextmanager
def only_one(files: Path, stage: str) -> Iterator[None]:
    """Be the only one in this checkout that plans a stage: its files are one command's at a time."""
    with (files / "lock").open("a") as file:
        if not take(file):
            raise DeployError(f"another plan of stage {stage} runs in this checkout; wait for it")
        yield


@contextmanager
def _only_one_here(place: LockPlace) -> Iterator[None]:
    """A lock that the kernel drops with the process, however that ends."""
    place.file.parent.mkdir(parents=True, exist_ok=True)
    with place.file.open("a") as file:
        if not take(file):
            raise _locked(place, read_lock(place, place.key) or {})
        yield


def is_held_here(place: LockPlace) -> bool:
    """Whether a deploy of this checkout runs."""
    try:
        with _only_one_here(place):
            return False
    except DeployError:
        return True
