"""What `invoke up`, `down` and `status` do."""

import sys
from dataclasses import dataclass
from typing import TextIO

from toolchain.errors import LocalCloudError
from toolchain.local.ports import check_port
from toolchain.local.up import daemon
from toolchain.local.up.record import owner, read_record
from toolchain.local.up.table import describe
from toolchain.project import Project


@dataclass(frozen=True, slots=True)
class Choices:
    """How to run: the API's port, in the background or not, and whether edits of source count at once."""

    port: int
    detach: bool
    reload: bool


def up(project: Project, choices: Choices, output: TextIO) -> None:
    """Run the local cloud until it is ended, or start it in the background and print where it is."""
    check_port("the API", choices.port)  # here: from the background its error would come with a log
    if not choices.detach:
        from toolchain.local.up.main import leave, serve

        serve(project, port=choices.port, reload=choices.reload)
        leave(0)
    arguments = ["--port", str(choices.port), *([] if choices.reload else ["--no-reload"])]
    record = daemon.start(project, arguments, _say)
    output.writelines(f"{line}\n" for line in describe(record))


def down(project: Project, output: TextIO) -> None:
    """End it, wherever it was started from."""
    ended = daemon.stop(project)
    output.write("stopped\n" if ended else "nothing runs in this checkout\n")


def status(project: Project, output: TextIO) -> None:
    """Print where it is. Raises LocalCloudError when it does not run."""
    record = read_record(project)
    if record is None and owner(project) is not None:
        raise LocalCloudError("it is starting; ask again in a moment")
    if record is None:
        raise LocalCloudError("nothing runs in this checkout; start it with `invoke up`")
    output.writelines(f"{line}\n" for line in [f"process        {record.pid}", *describe(record)])


def _say(line: str) -> None:
    """Beside what is printed: what happens meanwhile."""
    sys.stderr.write(f"{line}\n")
