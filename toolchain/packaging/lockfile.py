"""The text of a requirements.txt that `invoke lock` wrote.

Its first line holds a digest of what went in and what came out. It tells in microseconds and without a
network that an input changed after the lock, or that the lock was edited by hand.
"""

import hashlib
from collections.abc import Sequence

_HEADER = "# Written by `invoke lock`; do not edit. Digest of inputs and pins: "


def verify(inputs: Sequence[bytes], text: bytes | None, file: str) -> str | None:
    """What is wrong with a lock, given what it should be resolved from; None when it is current."""
    if text is None:
        return f"{file} is missing; run `invoke lock`"
    header, _, body = text.replace(b"\r\n", b"\n").partition(b"\n")
    if header.decode(errors="replace") != _header(inputs, body):
        return f"{file} is stale or was edited by hand; run `invoke lock`"
    return None


def render(inputs: Sequence[bytes], body: bytes) -> bytes:
    """The text of a lock: the header, and the pins that were resolved from the inputs."""
    return f"{_header(inputs, body)}\n".encode() + body


def without_comments(requirements: bytes) -> bytes:
    """The pins alone: comments say which function asked, and would set equal pins apart."""
    lines = requirements.splitlines()
    return b"\n".join(line for line in lines if line.strip() and not line.lstrip().startswith(b"#"))


def _header(inputs: Sequence[bytes], body: bytes) -> str:
    digest = hashlib.sha256()
    for part in (*inputs, body):
        digest.update(hashlib.sha256(part.replace(b"\r\n", b"\n")).digest())
    return _HEADER + digest.hexdigest()[:32]
