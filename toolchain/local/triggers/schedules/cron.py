"""The times of AWS's `cron()`: six fields, with `?`, `L`, `W` and `#`.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
"""

import calendar
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from toolchain.manifest.schedules import DAYS, MONTHS

# The days of a month, in order: (2026, 2) -> (6, 13, 20, 27)
type DaysOfMonth = Callable[[int, int], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression, read in a time zone."""

    minutes: Sequence[int]
    hours: Sequence[int]
    days: DaysOfMonth
    months: Sequence[int]
    years: Sequence[int]
    zone: ZoneInfo

    def next_after(self, moment: datetime) -> datetime | None:
        """The first time later than the moment, in UTC; None if there is none any more.

        A time that daylight saving skips is skipped; one that it repeats is met once, the first time.
        """
        for local in self._local_times(moment.astimezone(self.zone)):
            utc = local.replace(tzinfo=self.zone).astimezone(UTC)
            exists = utc.astimezone(self.zone).replace(tzinfo=None) == local
            if exists and utc > moment:
                return utc
        return None

    def _local_times(self, start: datetime) -> Iterator[datetime]:
        """Times without zone, from the beginning of the start's day."""
        for year, month in self._months_from(start):
            is_first = (year, month) == (start.year, start.month)
            for day in self.days(year, month):
                if is_first and day < start.day:
                    continue
                for hour in self.hours:
                    for minute in self.minutes:
                        yield datetime(year, month, day, hour, minute)  # noqa: DTZ001 - the zone comes later

    def _months_from(self, start: datetime) -> Iterator[tuple[int, int]]:
        for year in self.years:
            for month in self.months:
                if (year, month) >= (start.year, start.month):
                    yield year, month


def parse_cron(fields: str, zone: ZoneInfo) -> Cron:
    """The six fields, as in `0 8 ? * MON-FRI *`. They were checked by toolchain.manifest.schedules."""
    minutes, hours, day_of_month, month, day_of_week, year = fields.upper().split()
    return Cron(
        minutes=_numbers(minutes, 0, 59),
        hours=_numbers(hours, 0, 23),
        days=_days_of_week(day_of_week) if day_of_month == "?" else _days_of_month(day_of_month),
        months=_numbers(month, 1, 12, MONTHS),
        years=_numbers(year, 1970, 2199),
        zone=zone,
    )


def _numbers(text: str, lowest: int, highest: int, words: Sequence[str] = ()) -> Sequence[int]:
    """What a list of numbers, ranges and steps stands for, sorted.

    >>> _numbers("1-5/2,10", 0, 59)
    [1, 3, 5, 10]
    """

    def number(word: str) -> int:
        return lowest + words.index(word) if word in words else int(word)

    found: set[int] = set()
    for part in text.split(","):
        values, slash, step = part.partition("/")
        first, dash, last = values.partition("-")
        start = lowest if values == "*" else number(first)
        is_open = values == "*" or (slash and not dash)  # 5/15 starts at 5 and has no end of its own
        end = highest if is_open else number(last or first)
        found.update(range(start, end + 1, int(step or 1)))
    return sorted(found)


def _days_of_month(text: str) -> DaysOfMonth:
    if text == "L":
        return lambda year, month: (_length(year, month),)
    if text.endswith("W"):
        return lambda year, month: _nearest_weekday(year, month, int(text[:-1]))
    numbers = _numbers(text, 1, 31)
    return lambda year, month: [day for day in numbers if day <= _length(year, month)]


def _days_of_week(text: str) -> DaysOfMonth:
    """`2#1` is the first Monday of the month, `6L` its last Friday, `L` alone the last of the week."""
    if "#" in text:
        day, _, number = text.partition("#")
        return lambda year, month: _on({int(day)}, year, month)[int(number) - 1 : int(number)]
    if len(text) > 1 and text.endswith("L") and text not in DAYS:
        return lambda year, month: _on({int(text[:-1])}, year, month)[-1:]
    numbers = frozenset(_numbers("7" if text == "L" else text, 1, 7, DAYS))
    return lambda year, month: _on(numbers, year, month)


def _on(numbers: frozenset[int] | set[int], year: int, month: int) -> Sequence[int]:
    """The days of a month on some days of the week, counted as AWS does: 1 is Sunday."""
    days = range(1, _length(year, month) + 1)
    return [day for day in days if (calendar.weekday(year, month, day) + 1) % 7 + 1 in numbers]


def _nearest_weekday(year: int, month: int, day: int) -> Sequence[int]:
    """Monday to Friday, and within the month; none if the month has no such day."""
    length = _length(year, month)
    if day > length:
        return ()
    match calendar.weekday(year, month, day):
        case calendar.SATURDAY:
            return (day - 1 if day > 1 else day + 2,)
        case calendar.SUNDAY:
            return (day + 1 if day < length else day - 2,)
        case _:
            return (day,)


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]
