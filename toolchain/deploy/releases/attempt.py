"""What a release and a rollback have in common: the lock, the record, and the way back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from toolchain.deploy.releases.aliases import Waves, all_moves
from toolchain.deploy.releases.history import History
from toolchain.deploy.releases.lock import Holder, ReleaseLock, exclusive
from toolchain.deploy.releases.moving import Moving
from toolchain.deploy.releases.record import Release
from toolchain.deploy.releases.services import Services
from toolchain.deploy.releases.surroundings import Surroundings
from toolchain.errors import AwsError, ReleaseError, ToolchainError
from toolchain.signals import deferred, undisturbed, unwinding

_INTERRUPTED = "it was interrupted"


@contextmanager
def alone(services: Services, around: Surroundings, what: str, who: str) -> Iterator[ReleaseLock]:
    """Be the only one who releases this stage; SIGINT and SIGTERM raise SystemExit meanwhile.

    Raises ReleaseError, saying who it is, when somebody else does. For the main thread only.
    """
    holder = Holder(what, who, timestamp(around.now()), around.machine, around.process)
    with (
        unwinding(debug=False),
        exclusive(
            services.bucket, holder, is_alive=around.is_alive, timing=around.lock_timing, say=around.say
        ) as lock,
    ):
        yield lock


def settle(history: History, releases: Iterator[Release], around: Surroundings) -> Iterator[Release]:
    """The releases, after those that are still pending were noted as interrupted: nobody else releases."""
    for release in releases:
        settled = release
        if release.result == "pending":
            around.say(f"release {release.id} of {release.who} was interrupted")
            settled = replace(release, result="failed", reason=_INTERRUPTED, finished=timestamp(around.now()))
            history.write(settled)
        yield settled


@dataclass
class Attempt:
    """A release that goes on: its record, and the moves that may have to be undone."""

    services: Services
    around: Surroundings
    lock: ReleaseLock
    history: History
    record: Release
    waves: Waves
    moving: Moving = field(init=False)

    def __post_init__(self) -> None:
        self.moving = Moving(self.services.functions, self.waves)

    def note(self, **changes: Any) -> None:  # noqa: ANN401 - of any field
        """Write the record again, with changes; a write that was begun is never given up halfway."""
        changed = replace(self.record, **changes)
        with deferred():
            self.history.write(changed)
            self.record = changed

    def move(self) -> None:
        """Move the aliases; raises ReleaseError when one does not move, or somebody else releases."""
        with deferred():
            self.lock.ensure_held()
            self.moving.go()

    def carry_out(self, steps: Callable[["Attempt"], None]) -> Release:
        """Run the steps; whatever they raise, the aliases are back and the record says that it failed.

        Raises ReleaseError with what was wrong and where that leaves the stage.
        """
        try:
            self.note()
            steps(self)
            self.note(result="live", finished=timestamp(self.around.now()))
        except ToolchainError as error:
            raise ReleaseError(self._undo(str(error))) from error
        except BaseException:
            is_over = self.record.result == "live"
            self.around.say(f"release {self.record.id} is live" if is_over else self._undo(_INTERRUPTED))
            raise
        return self.record

    def _undo(self, reason: str) -> str:
        with undisturbed():
            moved = [move.name for move, _ in self.moving.made]
            problems = self.moving.undo()
            state = _state(self.waves, moved, problems)
            failed = replace(
                self.record, result="failed", reason=reason, finished=timestamp(self.around.now())
            )
            try:
                self.history.write(failed)
            except AwsError as error:
                state += f"\nits record still says that it is pending: {error}"
        return f"release {self.record.id} failed: {reason}\n{state}"


def timestamp(moment: datetime) -> str:
    """A moment as records have it: `2026-01-31T12:00:00Z`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _state(waves: Waves, moved: list[str], problems: list[str]) -> str:
    """Where the aliases are, after what was moved has been moved back."""
    if problems:
        lines = "\n".join(problems)
        return (
            f"these aliases could not be moved back; run `invoke rollback` when the reason is gone:\n{lines}"
        )
    if moved:
        return f"the aliases of {', '.join(sorted(moved))} were moved back; the release before goes on"
    if all_moves(waves):
        return "no alias was moved; the release before goes on"
    return "no alias had to be moved: they point to these versions already"
