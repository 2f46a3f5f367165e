"""The local cloud as a process: `python -m toolchain.local.up.main ROOT`, which `up --detach` starts."""

import argparse
import contextlib
import os
import signal
import sys
from pathlib import Path
from threading import Event
from typing import NoReturn

from toolchain.errors import ToolchainError
from toolchain.local.mariadb import migrated_database
from toolchain.local.ports import API_PORT, ENDPOINT_PORT
from toolchain.local.up import memory
from toolchain.local.up.meanwhile import Meanwhile
from toolchain.project import Project
from toolchain.signals import requests_to_end


def serve(project: Project, *, port: int, reload: bool) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP, at ports that nobody has asked for if `port` is 0: so clients
    that are left of an earlier cloud do not reach this one. Raises ToolchainError when it can't be started.
    """
    memory.begin()
    stopped = Event()
    for number in requests_to_end():  # until the event loop takes them
        signal.signal(number, lambda *_: stopped.set())
    database = Meanwhile(migrated_database(project, announce=_say))
    try:
        # Here, while MariaDB starts: there is a second of modules to load.
        import uvloop

        from toolchain.local.up.service import Options, run

        memory.keep()
        endpoint_port = ENDPOINT_PORT if port else 0
        options = Options(port, endpoint_port, reload=reload, say=_say)
        uvloop.run(run(project, options, database, stopped.is_set))
    finally:
        database.close()
    _say("stopped")


def main() -> int:
    """Serve as the command line says; 1 when it can't be started."""
    parser = argparse.ArgumentParser(prog="up")
    parser.add_argument("root", type=Path)
    parser.add_argument("--port", type=int, default=API_PORT)
    parser.add_argument("--no-reload", dest="reload", action="store_false")
    chosen = parser.parse_args()
    try:
        serve(Project(chosen.root), port=chosen.port, reload=chosen.reload)
    except ToolchainError as error:
        print(error, file=sys.stderr)  # noqa: T201 - nobody else prints it
        return 1
    return 0


def leave(status: int) -> NoReturn:
    """End the process, though threads may wait for 20 seconds yet, for messages that clients asked for."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(status)


def _say(line: str) -> None:
    with contextlib.suppress(OSError):  # the terminal is gone, or the disk full: that ends no request
        print(line, flush=True)  # noqa: T201 - what `up` prints


if __name__ == "__main__":
    leave(main())
