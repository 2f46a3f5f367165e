"""The times a schedule expression stands for: `rate(...)`, `cron(...)` and `at(...)`.

Pure: nothing here looks at the clock.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from toolchain.local.triggers.schedules.cron import parse_cron
from toolchain.manifest.schedules import check_expression, check_timezone

_AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


class Occurrences(Protocol):
    """The times of a schedule."""

    def next_after(self, moment: datetime) -> datetime | None:
        """The first time later than the moment, in UTC; None if there is none any more."""
        ...


@dataclass(frozen=True, slots=True)
class Rate:
    """Every period from a first time on. A day is 24 hours, whatever daylight saving does."""

    period: timedelta
    first: datetime

    def next_after(self, moment: datetime) -> datetime | None:
        if moment < self.first:
            return self.first
        try:
            return self.first + ((moment - self.first) // self.period + 1) * self.period
        except OverflowError:  # after the year 9999
            return None


@dataclass(frozen=True, slots=True)
class Once:
    """One time."""

    time: datetime

    def next_after(self, moment: datetime) -> datetime | None:
        return self.time if self.time > moment else None


@dataclass(frozen=True, slots=True)
class Within:
    """The times of another that lie between a start and an end, both included."""

    times: Occurrences
    start: datetime | None
    end: datetime | None

    def next_after(self, moment: datetime) -> datetime | None:
        if self.start:
            moment = max(moment, self.start - timedelta.resolution)
        found = self.times.next_after(moment)
        return None if found and self.end and found > self.end else found


def parse_schedule(expression: str, *, first: datetime, timezone: str = "UTC") -> Occurrences:
    """The times of an expression; `first` is when a rate begins.

    Raises ValueError, with what to write instead, for what AWS would not accept.
    """
    zone = ZoneInfo(check_timezone(timezone))
    if one_time := _AT.fullmatch(expression):
        return _once(one_time[1], zone)
    kind, _, fields = check_expression(expression).removesuffix(")").partition("(")
    return parse_cron(fields, zone) if kind == "cron" else Rate(rate_period(expression), first)


def with_fitting_unit(expression: str) -> str:
    """`rate(1 hour)` for `rate(1 hours)`: EventBridge Scheduler takes both, rules take only the first.

    [U]: the AWS provider's own example of aws_scheduler_schedule has `rate(1 hours)`; Scheduler's guide names
    the units and nothing of the sort, that of rules refuses it.
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rate-expressions.html
    """
    if rate := _RATE.fullmatch(expression):
        return f"rate({rate[1]} {rate[2]}{'' if rate[1] == '1' else 's'})"
    return expression


def _once(text: str, zone: ZoneInfo) -> Once:
    try:
        return Once(datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC))
    except OverflowError:  # of the first or the last day there is
        raise ValueError(f"{text} is no time in UTC") from None


def rate_period(expression: str) -> timedelta:
    """The period of `rate(5 minutes)`. Raises ValueError if it is longer than any time there is."""
    value, unit = expression.removeprefix("rate(").removesuffix(")").split()
    try:
        return int(value) * _UNITS[unit.removesuffix("s")]
    except OverflowError:
        raise ValueError(f"{expression} is no time; use less") from None
