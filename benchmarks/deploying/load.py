"""Requests one after the other, while something else happens."""

import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_PATIENCE_SECONDS = 30


@dataclass(slots=True)
class Answers:
    """How many requests there were, and what was wrong with those that failed."""

    count: int = 0
    failures: list[str] = field(default_factory=list)


@contextmanager
def asking(url: str) -> Iterator[Answers]:
    """Ask for a URL all the time, until the block is left."""
    answers, is_over = Answers(), threading.Event()

    def ask() -> None:
        while not is_over.is_set():
            answers.count += 1
            try:
                with urllib.request.urlopen(url, timeout=_PATIENCE_SECONDS) as response:  # noqa: S310  http
                    response.read()
            except OSError as error:
                answers.failures.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield answers
    finally:
        is_over.set()
        thread.join()
