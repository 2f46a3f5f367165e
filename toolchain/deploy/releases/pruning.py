"""Deletes versions that no rollback will ask for: Lambda keeps 75 GB of code per account and region.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, islice

from toolchain.deploy.releases.aliases import Move
from toolchain.deploy.releases.history import History
from toolchain.deploy.releases.record import Release
from toolchain.deploy.releases.services import Functions
from toolchain.errors import AwsError, ToolchainError

KEPT_RELEASES = 20
"""Of how many releases that were live the versions are kept; the one that is live is the first."""

_AT_ONCE = 4
# Lambda takes 15 such calls a second. A stage that has never been pruned is, some at a time.
_AT_MOST = 100


def prune(functions: Functions, history: History, moves: Sequence[Move], say: Callable[[str], None]) -> None:
    """Delete old versions of the functions that a release has moved; a failure is told, and no more.

    Those of the last releases stay, and what an alias points to.
    """
    if not moves:
        return
    try:
        deleted, problems = _delete(functions, _kept_versions(history), moves)
    except ToolchainError as error:
        deleted, problems = 0, [str(error)]
    if deleted:
        say(f"old versions deleted: {deleted}; those of the last {KEPT_RELEASES} releases are kept")
    if problems:
        more = f" (and {len(problems) - 1} more problems)" if len(problems) > 1 else ""
        say(f"warning: old versions could not be deleted: {problems[0]}{more}")


def _delete(
    functions: Functions, kept: Mapping[str, set[str]], moves: Sequence[Move]
) -> tuple[int, list[str]]:
    """How many were deleted, and why others were not."""

    def delete(function: str, number: str) -> str | None:
        try:
            functions.delete_version(function, number)
        except AwsError as error:
            return str(error)
        return None

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        found = threads.map(lambda move: _obsolete(functions, move, kept), moves)
        doomed = list(islice(chain.from_iterable(found), _AT_MOST))
        problems = [problem for problem in threads.map(lambda one: delete(*one), doomed) if problem]
    return len(doomed) - len(problems), problems


def _kept_versions(history: History) -> Mapping[str, set[str]]:
    """Of each function, by its name on AWS."""
    kept: dict[str, set[str]] = {}
    for release in islice(_once_live(history.read(history.ids())), KEPT_RELEASES):
        for function in release.functions.values():
            kept.setdefault(function.function_name, set()).add(function.version)
    return kept


def _once_live(releases: Iterable[Release]) -> Iterator[Release]:
    """A release that was rolled back to is not another one."""
    origins: set[str] = set()
    for release in releases:
        if release.result == "live" and release.origin not in origins:
            origins.add(release.origin)
            yield release


def _obsolete(functions: Functions, move: Move, kept: Mapping[str, set[str]]) -> list[tuple[str, str]]:
    """Function and number of what may go, the oldest first.

    Newer versions than the one that was released stay: they are another deploy's, which has published them
    and waits for its turn.
    """
    wanted = kept[move.function_name] | functions.aliased(move.function_name)
    return [
        (move.function_name, number)
        for number in functions.versions(move.function_name)
        if int(number) < int(move.to_version) and number not in wanted
    ]
