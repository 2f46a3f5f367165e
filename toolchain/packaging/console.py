"""What `invoke build` prints: a line for each package, or one JSON document."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import cast, get_args

from toolchain.errors import BuildError
from toolchain.packaging import build as builder
from toolchain.packaging.build import Request, Result
from toolchain.packaging.limits import megabytes
from toolchain.packaging.target import Architecture
from toolchain.project import Project


def request(function: str | None, architecture: str | None, *, clean: bool) -> Request:
    """The options as a request. Raises BuildError for an architecture Lambda does not have."""
    known = get_args(Architecture.__value__)
    if architecture is not None and architecture not in known:
        raise BuildError(f"--architecture is {architecture}; use {' or '.join(known)}")
    return Request(function, cast("Architecture | None", architecture), clean)


def build(project: Project, cache: Path, request: Request, *, as_json: bool) -> None:
    """Build, and print each package as it is finished, or everything at the end as JSON."""
    results = builder.build(project, cache, request, _ignore if as_json else _print)
    if as_json:
        json.dump({"functions": [asdict(result) for result in results]}, sys.stdout, indent=2)
        sys.stdout.write("\n")


def explain(project: Project, cache: Path, request: Request, *, as_json: bool) -> None:
    """Build one function, and print what is in its package and why, largest first."""
    from toolchain.packaging import explain as explaining

    builder.build(project, cache, request)
    rows = explaining.explain(project, cache, request)
    if as_json:
        json.dump([asdict(row) for row in rows], sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in explaining.lines(rows))


def _ignore(_: Result) -> None: ...


def _print(result: Result) -> None:
    zipped, unzipped = megabytes(result.zip_bytes), megabytes(result.unzipped_bytes)
    line = f"{result.name:<28} {result.status:<7} {zipped:>9} zip {unzipped:>9} unzipped"
    print(f"{line}  {result.seconds:6.3f} s  {result.sha256[:12]}", flush=True)  # noqa: T201 - the report
    if result.warning:
        print(f"warning: {result.warning}", file=sys.stderr)  # noqa: T201
