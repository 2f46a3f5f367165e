"""Events that were accepted and are not done, on disk: Lambda keeps them whatever becomes of its machines.

A line of JSON for each event that is accepted, and for each that is done. What the server had not done when
it ended, it does when it starts again: an event may be processed twice, as on Lambda, but is not lost.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
"""

import base64
import errno
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolchain.atomic_files import replace_file
from toolchain.local.workers.request import Call

_LARGE_BYTES = 1 << 20
_GROWTH = 4
"""How much a large file may grow before what is done is left out of it."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An event under its request id; `arn` is as the function is told."""

    request_id: str
    arn: str
    call: Call


class Journal:
    """The journal in a file. Not for threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pending = _read(path)
        self._descriptor = -1
        self._size = 0
        self._first_size = 0

    def pending(self) -> list[Accepted]:
        """What is not done, oldest first."""
        return list(self._pending.values())

    def accept(self, event: Accepted) -> None:
        """Remember an event: it is on disk when this returns, unless the system itself fails.

        Raises OSError when there is no room for it; then it is not remembered.
        """
        self._pending[event.request_id] = event
        try:
            self._append(_dump(event))
        except OSError:
            del self._pending[event.request_id]
            raise

    def finish(self, request_id: str) -> None:
        """Forget an event. A file that has grown is begun anew."""
        if self._pending.pop(request_id, None) is None:
            return
        if self._size > max(_LARGE_BYTES, _GROWTH * self._first_size):
            self._rewrite()
        else:
            self._append({"done": request_id})

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _append(self, document: Mapping[str, Any]) -> None:
        if self._descriptor < 0:
            self._rewrite()
            return
        line = json.dumps(document).encode() + b"\n"
        written = 0
        try:
            written = os.write(self._descriptor, line)
        finally:
            if written < len(line):
                os.ftruncate(self._descriptor, self._size)  # the next line is not glued to half of this one
        if written < len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))
        self._size += written

    def _rewrite(self) -> None:
        """Only what is pending, in a new file that takes the old one's place."""
        self.close()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        content = b"".join(json.dumps(_dump(event)).encode() + b"\n" for event in self._pending.values())
        replace_file(self._path, content, mode=0o600)  # events may hold secrets
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND)
        self._size = self._first_size = len(content)


def _read(path: Path) -> dict[str, Accepted]:
    """Lines that were cut short, or that somebody has damaged, are left out."""
    pending: dict[str, Accepted] = {}
    content = path.read_bytes() if path.exists() else b""
    for line in content.splitlines():
        try:
            document = json.loads(line)
            if "done" in document:
                pending.pop(document["done"], None)
            else:
                event = _load(document)
                pending[event.request_id] = event
        except (ValueError, KeyError, TypeError):
            continue
    return pending


def _dump(event: Accepted) -> dict[str, Any]:
    call = event.call
    return {
        "id": event.request_id,
        "arn": event.arn,
        "name": call.name,
        "qualifier": call.qualifier,
        "payload": _text(call.payload),
        "context": None if call.client_context is None else _text(call.client_context),
        "trace": call.trace,
    }


def _load(document: Mapping[str, Any]) -> Accepted:
    context = document["context"]
    call = Call(
        document["name"],
        base64.b64decode(document["payload"]),
        document["qualifier"],
        None if context is None else base64.b64decode(context),
        document["trace"],
    )
    return Accepted(document["id"], document["arn"], call)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
