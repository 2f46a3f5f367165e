"""Which of a release's wheels fits the target best, by the tags in their names (PEP 425)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from toolchain.errors import BuildError
from toolchain.packaging.requirements import Pin
from toolchain.packaging.target import Target


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel of a release: which file, and the SHA-256 it must have."""

    name: str
    version: str
    filename: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Release:
    """The wheels of a release that run on the target: file name -> SHA-256, file name -> address."""

    hashes: dict[str, str]
    urls: dict[str, str]


def choose_all(
    pins: Sequence[Pin], releases: "Mapping[str, Release]", target: Target, file: str
) -> dict[Pin, Wheel]:
    """A wheel for each pin. Raises BuildError with every pin that has none."""
    chosen: dict[Pin, Wheel] = {}
    problems: list[str] = []
    for pin in pins:
        try:
            chosen[pin] = choose(pin, releases[pin.name], target, file)
        except BuildError as error:
            problems += error.problems
    if problems:
        raise BuildError(problems)
    return chosen


def choose(pin: Pin, release: Release, target: Target, file: str) -> Wheel:
    """The wheel with the best tag among those whose hash the requirements list."""
    fitting = sorted(
        (rank, filename)
        for filename, sha256 in release.hashes.items()
        if sha256 in pin.hashes and (rank := _rank(filename, target)) is not None
    )
    if not fitting:
        raise BuildError(
            f"{file}: {pin.requirement} has no wheel with a listed hash for Python 3.13 on "
            f"{target.architecture} ({target.python_platform}); run `invoke lock`, or choose another version"
        )
    filename = fitting[0][1]
    return Wheel(pin.name, pin.version, filename, release.hashes[filename])


def _rank(filename: str, target: Target) -> int | None:
    """How well a wheel fits by the tags in its name, 0 being best; None when it does not."""
    ranks = target.tag_ranks()
    return min((ranks[tag] for tag in _tags(filename) if tag in ranks), default=None)


def _tags(filename: str) -> Iterator[str]:
    """`x-1-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl` -> its two tags."""
    python, abi, platform = filename.removesuffix(".whl").split("-")[-3:]
    for interpreter in python.split("."):
        for binary in abi.split("."):
            for system in platform.split("."):
                yield f"{interpreter}-{binary}-{system}"
