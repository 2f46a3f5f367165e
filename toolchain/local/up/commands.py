"""What `invoke up`, `down`, `status` and `logs` do."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TextIO

from toolchain.errors import LocalCloudError
from toolchain.local.up import daemon
from toolchain.local.up.record import read_record
from toolchain.local.up.table import describe
from toolchain.project import Project

_FOLLOW_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Choices:
    """How to run: the API's port, in the background or not, and whether edits of source count at once."""

    port: int
    detach: bool
    reload: bool


def up(project: Project, choices: Choices, output: TextIO) -> None:
    """Run the local cloud until it is ended, or start it in the background and print where it is."""
    if not choices.detach:
        from toolchain.local.up.main import serve

        serve(project, port=choices.port, reload=choices.reload)
        return
    arguments = ["--port", str(choices.port), *([] if choices.reload else ["--no-reload"])]
    record = daemon.start(project, arguments)
    output.writelines(f"{line}\n" for line in describe(record))


def down(project: Project, output: TextIO) -> None:
    """End it, wherever it was started from."""
    ended = daemon.stop(project)
    output.write("stopped\n" if ended else "nothing runs in this checkout\n")


def status(project: Project, output: TextIO) -> None:
    """Print where it is. Raises LocalCloudError when it does not run."""
    record = read_record(project)
    if record is None:
        raise LocalCloudError("nothing runs in this checkout; start it with `invoke up`")
    output.writelines(f"{line}\n" for line in [f"process        {record.pid}", *describe(record)])


def logs(project: Project, name: str | None, output: TextIO, *, follow: bool) -> None:
    """Print the logs of one function or of all, and with `follow`, what is added from then on.

    Raises LocalCloudError when the function has logged nothing yet and is not followed.
    """
    directory = project.local / "logs"
    paths = [directory / f"{name}.log"] if name else sorted(directory.glob("*.log"))
    if not follow and not any(path.exists() for path in paths):
        raise LocalCloudError(f"{name or 'no function'} has logged {'nothing' if name else 'anything'} yet")
    for line in _tail(paths, follow=follow, label=name is None):
        output.write(line)
        output.flush()


def _tail(paths: list[Path], *, follow: bool, label: bool) -> Iterator[str]:
    """Lines of the files, each with its file's name before it where there are several."""
    files: dict[Path, IO[str]] = {}
    while True:
        for path in paths:
            if path not in files and path.exists():
                files[path] = path.open(encoding="utf-8", errors="replace")
            for line in files.get(path, ()):
                yield f"{path.stem}: {line}" if label else line
        if not follow:
            break
        time.sleep(_FOLLOW_SECONDS)
    for file in files.values():
        file.close()
