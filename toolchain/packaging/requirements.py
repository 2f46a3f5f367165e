"""Reads hash-pinned requirements: the part of pip's requirements format that `invoke lock` writes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from toolchain.errors import LockError

_PIN = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?==(?P<version>[A-Za-z0-9][A-Za-z0-9._+!-]*)$"
)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})(?!\S)")


@dataclass(frozen=True, slots=True)
class Pin:
    """`pydantic==2.14.3 ; sys_platform == 'linux' --hash=sha256:...`, and what asked for it."""

    name: str
    version: str
    hashes: frozenset[str]
    marker: str = ""
    via: tuple[str, ...] = ()

    @property
    def requirement(self) -> str:
        return f"{self.name}=={self.version}"


def parse_requirements(text: str, file: str) -> tuple[Pin, ...]:
    """The pins of a requirements.txt; `file` is its name in messages.

    Raises LockError with every line that is not pinned to a version and to SHA-256 hashes.
    """
    problems: list[str] = []
    pins: list[Pin] = []
    for requirement, via in _logical_lines(text):
        specification, _, _ = requirement.partition(" --hash=")
        pinned, _, marker = (part.strip() for part in specification.partition(";"))
        hashes = frozenset(_HASH.findall(requirement))
        match = _PIN.match(pinned)
        if not match:
            problems.append(
                f"{file}: {pinned!r} is not pinned; use name==version, as `invoke lock` writes it"
            )
        elif not hashes:
            problems.append(f"{file}: {pinned} has no hash; run `invoke lock`")
        else:
            name = canonical_name(match["name"])
            pins.append(Pin(name, match["version"], hashes, marker, via))
    if problems:
        raise LockError(problems)
    return tuple(pins)


def canonical_name(name: str) -> str:
    """PEP 503: `Jinja_2` -> `jinja-2`."""
    return re.sub(r"[-_.]+", "-", name).lower()


def applies(pin: Pin, environment: Mapping[str, str]) -> bool:
    """Whether the pin's environment marker holds on a runtime with this marker environment."""
    if not pin.marker:
        return True
    from packaging.markers import Marker  # 15 ms, and few pins have one

    return Marker(pin.marker).evaluate(dict(environment))


def _logical_lines(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A requirement with its continuation lines joined, and what the comment below it says it came from."""
    requirement, continued = "", False
    via: tuple[str, ...] = ()
    for line in (line.strip() for line in text.splitlines()):
        if continued:
            requirement += " " + line.removesuffix("\\").strip()
        elif line.startswith("# via "):
            via = tuple(line.removeprefix("# via ").split(", "))
        elif line and not line.startswith("#"):
            if requirement:
                yield requirement, via
            requirement, via = line.removesuffix("\\").strip(), ()
        continued = line.endswith("\\") and not line.startswith("#")
    if requirement:
        yield requirement, via
