"""Makes wheels: good ones, and ones that no build tool would make."""

import base64
import hashlib
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_LONG_AGO = (2020, 2, 2, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a wheel's zip, with the mode of a Unix file."""

    name: str
    content: bytes = b""
    mode: int = 0o100644
    method: int = zipfile.ZIP_DEFLATED


def make_wheel(
    directory: Path,
    name: str,
    files: Mapping[str, str | bytes] | None = None,
    *,
    version: str = "1.0",
    tag: str = "py3-none-any",
    requires: Iterable[str] = (),
    entries: Iterable[Entry] = (),
) -> Path:
    """Write `name-version-tag.whl` with the files, then the entries, as they are; returns its path.

    >>> make_wheel(tmp_path, "greeting", {"greeting.py": "HELLO = 'hello'"})
    .../greeting-1.0-py3-none-any.whl
    """
    metadata = f"{name}-{version}.dist-info"
    required = "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{required}"
    tagged = f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n"
    everything = [
        *(Entry(path, _encoded(content)) for path, content in (files or {}).items()),
        *entries,
        Entry(f"{metadata}/METADATA", about.encode()),
        Entry(f"{metadata}/WHEEL", tagged.encode()),
    ]
    everything.append(Entry(f"{metadata}/RECORD", _record(everything)))
    path = directory / f"{name}-{version}-{tag}.whl"
    directory.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for entry in everything:
            archive.writestr(_information(entry), entry.content)
    return path


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _encoded(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _information(entry: Entry) -> zipfile.ZipInfo:
    information = zipfile.ZipInfo(entry.name, _LONG_AGO)
    information.compress_type = entry.method
    information.external_attr = entry.mode << 16
    return information


def _record(entries: Iterable[Entry]) -> bytes:
    """PEP 376: name, hash and size of each file."""
    lines = [
        f"{entry.name},sha256={base64.urlsafe_b64encode(hashlib.sha256(entry.content).digest()).decode()},"
        f"{len(entry.content)}\n"
        for entry in entries
    ]
    return "".join(lines).encode()
