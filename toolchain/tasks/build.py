"""`invoke build` and `invoke lock`."""

import os

from invoke.context import Context

from toolchain.project import cache_directory
from toolchain.tasks.declare import project, task


@task(
    help={
        "function": "build only this function",
        "architecture": "arm64 or x86_64, instead of what the manifests say",
        "clean": "remove dist/ first",
        "json": "print one JSON document",
        "explain": "list what is in this function's package, and why",
    }
)
def build(
    _: Context,
    function: str | None = None,
    architecture: str | None = None,
    *,
    clean: bool = False,
    json: bool = False,
    explain: str | None = None,
) -> None:
    """Make dist/<function>.zip and dist/functions.json, where something changed."""
    from toolchain.packaging import console

    here, cache = project(), cache_directory(os.environ)
    request = console.request(explain or function, architecture, clean=clean)
    if explain:
        console.explain(here, cache, request, as_json=json)
    else:
        console.build(here, cache, request, as_json=json)


@task(
    help={
        "function": "lock only this function (and the toolchain)",
        "upgrade": "take the newest versions that fit",
        "check": "change nothing; fail when a lock is not current",
    }
)
def lock(_: Context, function: str | None = None, *, upgrade: bool = False, check: bool = False) -> None:
    """Pin every requirements.in to hashes, one version for the whole repository."""
    from toolchain.packaging import lock as locks

    here = project()
    if check:
        locks.check(here)
        return
    for path in locks.lock(here, [function] if function else None, upgrade=upgrade):
        print(here.relative(path))  # noqa: T201 - the answer
