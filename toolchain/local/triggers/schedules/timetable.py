"""What is due when, of all schedules that exist. Pure: the time is an argument."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from toolchain.local.triggers.schedules.occurrences import Occurrences

# EventBridge calls within the minute. What is later than that, because the machine slept, is left out:
# nothing is caught up on.
_PRECISION = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Entry:
    """A schedule: `fire` is called with each time that is due, `finish` after the last.

    `text` is what the schedule says: with another text, it is another schedule of the same name.
    """

    name: str
    text: str
    created: datetime
    times: Occurrences
    fire: Callable[[datetime], None]
    finish: Callable[[], None] = lambda: None


class Timetable:
    """The next time of each schedule."""

    def __init__(self) -> None:
        self._next: dict[str, tuple[Entry, datetime | None]] = {}

    def follow(self, entries: Iterable[Entry], now: datetime) -> None:
        """Take up new schedules, and drop those that are gone."""
        before, self._next = self._next, {}
        for entry in entries:
            known = before.get(entry.name)
            if known and known[0].text == entry.text:
                self._next[entry.name] = (entry, known[1])
            else:
                self._next[entry.name] = (entry, entry.times.next_after(_beginning(entry, now)))

    def take_due(self, now: datetime) -> list[tuple[Entry, datetime]]:
        """The schedules that are due, with the time they were due at; each is then due at its next time."""
        taken = []
        for name, (entry, time) in self._next.items():
            if time and time <= now:
                self._next[name] = (entry, entry.times.next_after(now))
                if now - time < _PRECISION:
                    taken.append((entry, time))
        return taken

    def is_finished(self, entry: Entry) -> bool:
        """Whether a schedule has no next time."""
        return self._next[entry.name][1] is None

    def next_time(self) -> datetime | None:
        """When the next is due."""
        return min((time for _, time in self._next.values() if time), default=None)


def _beginning(entry: Entry, now: datetime) -> datetime:
    """A schedule that was just made may be due already: a rate begins at once."""
    is_new = timedelta() <= now - entry.created < _PRECISION
    return entry.created - timedelta.resolution if is_new else now
