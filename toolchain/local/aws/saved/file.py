"""A saved state on disk: `.local/aws/state`.

A line of JSON says what wrote it, then come the bytes of the state. It is replaced as a whole: whoever is
killed leaves the state before, or the new one.
"""

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from toolchain.atomic_files import replace_file

_FORMAT = 2


class UnreadableError(Exception):
    """The file is another version's, or damaged; the text says which, for people."""


@dataclass(frozen=True, slots=True)
class StateFile:
    path: Path

    def write(self, content: bytes) -> None:
        """Raises OSError."""
        header = {
            "versions": dict(versions()),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        whole = json.dumps(header).encode() + b"\n" + content
        # Whoever may write it may run code here, when it is read: its user alone.
        replace_file(self.path, whole, mode=0o600, is_durable=True)

    def read(self) -> bytes | None:
        """What was saved; None if nothing was. Raises UnreadableError."""
        try:
            with self.path.open("rb") as file:
                _check_owner(os.fstat(file.fileno()))
                first, content = file.readline(), file.read()
        except FileNotFoundError:
            return None
        try:
            header = json.loads(first)
            found, digest = header["versions"], header["sha256"]
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableError("it is no saved state") from error
        differences = _differences(found)
        if differences:
            raise UnreadableError(", ".join(differences))
        if hashlib.sha256(content).hexdigest() != digest:
            raise UnreadableError("it is damaged")
        return content

    def set_aside(self) -> Path:
        """Rename what can't be read, so that it is not overwritten; where it is now."""
        aside = self.path.with_name(f"{self.path.name}.unread")
        self.path.replace(aside)
        return aside


def versions() -> Mapping[str, str]:
    """What must be the same for a state to be read: it consists of moto's objects as they are in memory."""
    return {
        "format": str(_FORMAT),
        "python": ".".join(str(part) for part in sys.version_info[:3]),
        "moto": version("moto"),
        "boto3": version("boto3"),
        "botocore": version("botocore"),
    }


def _check_owner(status: os.stat_result) -> None:
    if status.st_uid != os.getuid() or status.st_mode & 0o022:
        raise UnreadableError("others than its user may write it")


def _differences(found: Mapping[str, str]) -> list[str]:
    """`moto is 5.2.5 here, and was 5.1.0`."""
    return [
        f"{name} is {here} here, and was {found.get(name, 'unknown')}"
        for name, here in versions().items()
        if found.get(name) != here
    ]
