"""What `invoke logs` does: prints what is in .local/logs, and what is added to it."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TextIO

from toolchain.errors import LocalCloudError
from toolchain.local.up.access_log import access_log_path
from toolchain.project import Project

_FOLLOW_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Choice:
    """The log of one function, of the API, or (neither) of all functions; all of it, whatever the minutes."""

    function: str | None = None
    access: bool = False
    minutes: int = 0

    def paths(self, project: Project) -> list[Path]:
        """The files that there are now, sorted."""
        directory, access = project.local / "logs", access_log_path(project)
        if self.access:
            found = [access]
        elif self.function:
            found = [directory / f"{self.function}.log"]
        else:
            found = sorted({*directory.glob("*.log")} - {access})
        return [path for path in found if path.exists()]


def show(project: Project, choice: Choice, output: TextIO, *, follow: bool) -> None:
    """Print the logs, and with `follow`, what is added from then on.

    Raises LocalCloudError when there is nothing yet and it is not followed, and ManifestError for a function
    that neither exists nor has a log.
    """
    if choice.access and choice.function:
        raise LocalCloudError(
            f"--access is the log of the API, {choice.function} the name of a function; use one of the two"
        )
    if choice.minutes:
        raise LocalCloudError("--minutes is for logs of a stage; leave it out, or name one with --stage")
    if not choice.paths(project):
        _ensure_may_come(project, choice)
        if not follow:
            raise LocalCloudError(_nothing(choice))
    label = not (choice.access or choice.function)
    for path, line in _tail(project, choice, follow=follow):
        output.write(f"{path.stem}: {line}" if label else line)
        output.flush()


def _ensure_may_come(project: Project, choice: Choice) -> None:
    if choice.function:
        from toolchain.manifest.functions import ensure_function

        ensure_function(project, choice.function)


def _nothing(choice: Choice) -> str:
    if choice.access:
        return "the API has had no request yet"
    return f"{choice.function} has logged nothing yet" if choice.function else "no function has logged yet"


def _tail(project: Project, choice: Choice, *, follow: bool) -> Iterator[tuple[Path, str]]:
    """Lines of the files, also of those that come later."""
    files: dict[Path, IO[str]] = {}
    try:
        while True:
            for path in choice.paths(project):
                file = files.get(path)
                if file is None:
                    file = files[path] = path.open(encoding="utf-8", errors="replace")
                for line in file:
                    yield path, line
                if _was_replaced(path, file):
                    files.pop(path).close()
            if not follow:
                return
            time.sleep(_FOLLOW_SECONDS)
    finally:
        for file in files.values():
            file.close()


def _was_replaced(path: Path, file: IO[str]) -> bool:
    """Whether there is another file with the name by now: the one before had become too large."""
    try:
        return not os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return True
