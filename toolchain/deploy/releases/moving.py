"""Moves aliases as planned: all, or none."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from toolchain.deploy.releases.aliases import Move, Wanted, Waves, moved_back
from toolchain.deploy.releases.services import Alias, Functions
from toolchain.deploy.releases.target import ALIAS
from toolchain.errors import AwsError, ReleaseError

_AT_ONCE = 16


def read_aliases(functions: Functions, wanted: Mapping[str, Wanted]) -> dict[str, Alias | None]:
    """Where the functions' aliases point now."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        found = threads.map(lambda one: functions.alias(one.function_name, ALIAS), wanted.values())
        return dict(zip(wanted, found, strict=True))


@dataclass
class Moving:
    """The moves of one release; `made` are those that have happened, so far, and may be undone."""

    functions: Functions
    waves: Waves
    made: list[tuple[Move, Alias]] = field(default_factory=list)

    def go(self) -> None:
        """Move all. Raises ReleaseError when one can't be moved; some have been, then."""
        for wave in self.waves:
            problems = self._move(wave, self.made)
            if problems:
                raise ReleaseError(problems)

    def undo(self) -> list[str]:
        """Move back what has been moved, as far as it can be; what could not, each with its reason."""
        problems: list[str] = []
        back: list[tuple[Move, Alias]] = []
        for wave in moved_back(self.made, self.waves):
            problems += self._move(wave, back)
        self.made.clear()
        return problems

    def _move(self, wave: Sequence[Move], made: list[tuple[Move, Alias]]) -> list[str]:
        """Move at once; whatever happens meanwhile, every move that was begun is noted once it is over."""
        problems: list[str] = []
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            running = {threads.submit(self._move_one, move): move for move in wave}
            try:
                wait(running)
            finally:
                threads.shutdown()
                for future, move in running.items():
                    try:
                        made.append((move, future.result()))
                    except AwsError as error:
                        problems += [f"{move}: {problem}" for problem in error.problems]
        return problems

    def _move_one(self, move: Move) -> Alias:
        """Move, or find it moved: an answer that is lost makes the SDK ask again, for a revision that was."""
        try:
            return self.functions.move_alias(
                move.function_name, ALIAS, version=move.to_version, revision_id=move.revision_id
            )
        except AwsError:
            found = self.functions.alias(move.function_name, ALIAS)
            if found is None or found.version != move.to_version:
                raise
            return found
