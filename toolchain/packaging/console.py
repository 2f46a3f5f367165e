"""What `invoke build` prints: a line for each package, or one JSON document."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TextIO, cast, get_args

from toolchain.errors import BuildError
from toolchain.packaging import build as builder
from toolchain.packaging.build import Request
from toolchain.packaging.limits import megabytes
from toolchain.packaging.progress import Result, Silent
from toolchain.packaging.target import Architecture
from toolchain.project import Project

_WIPE = "\r\033[2K"


def request(function: str | None, architecture: str | None, *, clean: bool) -> Request:
    """The options as a request. Raises BuildError for an architecture Lambda does not have."""
    known = get_args(Architecture.__value__)
    if architecture is not None and architecture not in known:
        raise BuildError(f"--architecture is {architecture}; use {' or '.join(known)}")
    return Request(function, cast("Architecture | None", architecture), clean)


def build(project: Project, cache: Path, request: Request, *, as_json: bool) -> None:
    """Build, and print each package as it is finished, or everything at the end as JSON."""
    if as_json:
        results = builder.build(project, cache, request, Silent())
        json.dump({"functions": [asdict(result) for result in results]}, sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        lines = Lines(sys.stdout, sys.stderr)
        builder.build(project, cache, request, lines)
        lines.finish()


def explain(project: Project, cache: Path, request: Request, *, as_json: bool) -> None:
    """Build one function, and print what is in its package and why, largest first."""
    from toolchain.packaging import explain as explaining

    builder.build(project, cache, request, Silent())
    rows = explaining.explain(project, cache, request)
    if as_json:
        json.dump([asdict(row) for row in rows], sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in explaining.lines(rows))


class Lines:
    """A line for each package; what takes long is shown on a terminal only, and wiped away after it.

    A build goes on when nobody reads what it says any more, as after `invoke build | head -1`.
    """

    def __init__(self, output: TextIO, status: TextIO) -> None:
        self._output = output
        self._status = status if status.isatty() else None
        self._unread: BrokenPipeError | None = None

    def step(self, text: str) -> None:
        if self._status:
            self._status.write(f"{_WIPE}{text} ...")
            self._status.flush()

    def finished(self, result: Result) -> None:
        if self._status:
            self._status.write(_WIPE)
            self._status.flush()
        zipped, unzipped = megabytes(result.zip_bytes), megabytes(result.unzipped_bytes)
        line = f"{result.name:<28} {result.status:<7} {zipped:>9} zip {unzipped:>9} unzipped"
        try:
            print(f"{line}  {result.seconds:6.3f} s  {result.sha256[:12]}", file=self._output, flush=True)
        except BrokenPipeError as error:
            self._unread = error
        if result.warning:
            print(f"warning: {result.warning}", file=sys.stderr)

    def finish(self) -> None:
        """Raise BrokenPipeError, now that everything is done, if not everything was read."""
        if self._unread:
            raise self._unread
