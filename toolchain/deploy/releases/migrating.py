"""Migrates the stage's database: calls the function that does, since only functions reach the database."""

import json
from dataclasses import dataclass
from typing import Any

from toolchain.deploy.releases.services import Functions
from toolchain.errors import AwsError, ReleaseError

MIGRATOR = "migrate_database"
"""The function; a project without it has nothing to migrate."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """What was applied, in order; `problem` says why the rest was not, if it was not: `left` is that rest."""

    applied: tuple[str, ...]
    problem: str | None = None
    left: tuple[str, ...] = ()

    def __str__(self) -> str:
        """`0001_users; not applied: 0002_more`; empty when it is not known."""
        parts = [", ".join(self.applied), f"not applied: {', '.join(self.left)}" if self.left else ""]
        return "; ".join(filter(None, parts)) or ("" if self.problem else "none to apply")


def pending(functions: Functions, function_name: str, qualifier: str) -> list[str]:
    """What a version of the migrator would apply, in order. Raises ReleaseError when it can't tell."""
    found = _call(functions, function_name, qualifier, {"dry_run": True})["pending"]
    return [str(name) for name in found]


def migrate(functions: Functions, function_name: str, qualifier: str) -> Migrated:
    """Have a version of the migrator apply what is pending; a failure is a result, as others may be applied.

    It is called when nothing is pending, too: it also makes the accounts that functions connect with, which
    may have failed before, or be others than before.
    What was applied before a failure is found out by asking what is still pending: so it is known, too, when
    the function ran out of time. Raises ReleaseError when not even the pending ones can be told.
    """
    before = pending(functions, function_name, qualifier)
    try:
        applied = _call(functions, function_name, qualifier, {})["applied"]
    except (ReleaseError, AwsError) as error:
        return _failed(str(error), before, functions, function_name, qualifier)
    return Migrated(tuple(str(name) for name in applied))


def _failed(
    problem: str, before: list[str], functions: Functions, function_name: str, qualifier: str
) -> Migrated:
    if not before:
        return Migrated((), problem)
    try:
        after = pending(functions, function_name, qualifier)
    except (ReleaseError, AwsError):
        return Migrated(
            (), f"{problem}\nwhat was applied before is not known: {', '.join(before)} were pending"
        )
    return Migrated(tuple(name for name in before if name not in after), problem, tuple(after))


def _call(functions: Functions, function_name: str, qualifier: str, event: dict[str, Any]) -> dict[str, Any]:
    answer = functions.invoke(function_name, qualifier, json.dumps(event).encode())
    if answer is None:
        raise ReleaseError(f"{function_name}:{qualifier}: there is no such version")
    result = json.loads(answer.payload)
    if answer.error:
        raise ReleaseError(str(result.get("errorMessage", "")).splitlines() or "it failed without a message")
    if not isinstance(result, dict):
        raise ReleaseError(f"{function_name}:{qualifier}: it answered {result!r}, and not what was migrated")
    return result
