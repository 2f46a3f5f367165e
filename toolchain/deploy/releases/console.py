"""What the commands about releases print."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TextIO

from toolchain.deploy.releases.history import current
from toolchain.deploy.releases.record import Release


def print_releases(releases: Sequence[Release], more: int, output: TextIO) -> None:
    """A table, the latest first; `more` older ones are only counted."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE, pad_edge=False)
    for column in ("release", "created", "who", "commit", "functions", "migrations", "result"):
        table.add_column(column, overflow="fold")
    by_id = {release.id: release for release in releases}
    live = current(releases)
    for release in releases:
        table.add_row(*_row(release, by_id, is_current=release is live))
    # As wide as the text is when it goes to a file: another program reads it, and not a terminal.
    console = Console(file=output, highlight=False, width=None if output.isatty() else 200)
    console.print(table)
    if more:
        console.print(f"and {more} older; --limit shows more")


def print_json(releases: Sequence[Release], output: TextIO) -> None:
    """The records, the latest first; `is_live` is true for the one that is."""
    live = current(releases)
    records = [{**asdict(release), "is_live": release is live} for release in releases]
    json.dump({"releases": records}, output, indent=2)
    output.write("\n")


def _row(release: Release, by_id: Mapping[str, Release], *, is_current: bool) -> tuple[str, ...]:
    return (
        release.id,
        release.created,
        release.who.rsplit("/", 1)[-1],
        f"{(release.commit or '-')[:9]}{' and edits' if release.is_dirty else ''}",
        _functions(release, by_id.get(release.previous or "")),
        ", ".join(release.migrations) or "-",
        _result(release, is_current=is_current),
    )


def _functions(release: Release, before: Release | None) -> str:
    """How many functions are other than before."""
    if release.previous is None:
        return f"{len(release.functions)} new"
    if before is None:
        return f"of {len(release.functions)}"
    versions = {name: one.version for name, one in before.functions.items()}
    changed = [name for name, one in release.functions.items() if versions.get(name) != one.version]
    shown = ", ".join(changed) if len(changed) <= 3 else f"{len(changed)}"
    return f"{shown or 'none'} of {len(release.functions)}"


def _result(release: Release, *, is_current: bool) -> str:
    back = f" (back to {release.rollback_to})" if release.rollback_to else ""
    if release.result == "failed":
        return (
            f"failed: {(release.reason or '').splitlines()[0] if release.reason else 'no reason noted'}{back}"
        )
    if release.result == "pending":
        return f"pending{back}"
    return f"{'LIVE' if is_current else 'was live'}{back}"
