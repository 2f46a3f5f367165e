"""Calls what is due, and sleeps until the next thing is."""

from collections.abc import Callable, Iterable
from datetime import datetime

from toolchain.local.triggers.bells import Bells, rung_or_after
from toolchain.local.triggers.calls import logger
from toolchain.local.triggers.schedules.timetable import Entry, Timetable

# The bell that is rung when schedules change.
SCHEDULES = "schedules"

# In case the machine sleeps, its clock is set, or schedules change behind our back.
_LONGEST_WAIT_SECONDS = 60.0


async def keep_time(read: Callable[[], Iterable[Entry]], bells: Bells, now: Callable[[], datetime]) -> None:
    """Fire schedules when they are due, until cancelled. `now` has a time zone."""
    timetable = Timetable()
    with bells.listening(SCHEDULES) as bell:
        while True:
            bell.clear()
            timetable.follow(read(), now())
            for entry, time in timetable.take_due(now()):
                _call(entry, time, is_last=timetable.is_finished(entry))
            following = timetable.next_time()
            wait = (following - now()).total_seconds() if following else _LONGEST_WAIT_SECONDS
            await rung_or_after(bell, min(max(wait, 0.0), _LONGEST_WAIT_SECONDS))


def _call(entry: Entry, time: datetime, *, is_last: bool) -> None:
    """One schedule that fails must not keep the others from being called."""
    try:
        entry.fire(time)
        if is_last:
            entry.finish()
    except Exception:  # noqa: BLE001 - the boundary: nobody waits for a schedule
        logger.exception("%s could not be called", entry.name)
