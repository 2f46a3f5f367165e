"""What a build tells while it goes on, and in the end."""

from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Result:
    """A package in dist/; sizes in bytes, `seconds` spent on this package alone."""

    name: str
    zip_bytes: int
    unzipped_bytes: int
    sha256: str
    status: Literal["built", "reused"]
    seconds: float
    warning: str | None = None


class Progress(Protocol):
    """Hears of a build while it goes on."""

    def step(self, text: str) -> None:
        """Something that may take a while begins."""

    def finished(self, result: Result) -> None:
        """A package is in dist/."""


class Silent:
    """Progress that nobody looks at."""

    def step(self, text: str) -> None: ...

    def finished(self, result: Result) -> None: ...
