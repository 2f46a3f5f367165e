"""Schedule expressions: `rate(5 minutes)` and `cron(0 8 ? * MON-FRI *)`.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from toolchain.manifest.fields import listed

PATTERN = r"^(rate\([1-9][0-9]* (minute|hour|day)s?\)|cron\(\S+( \S+){5}\))$"

_RATE = re.compile(r"rate\((\S+) (\S+)\)")
_CRON = re.compile(r"cron\((.*)\)")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


@dataclass(frozen=True, slots=True)
class _Field:
    """One of the six fields: its numbers, the names for them, and forms of its own (L, 15W, 6L, 2#1)."""

    name: str
    lowest: int
    highest: int
    words: tuple[str, ...] = ()
    special: str = r"(?!)"

    def number(self, text: str) -> int:
        if text.upper() in self.words:
            return self.lowest + self.words.index(text.upper())
        if text.isascii() and text.isdecimal() and self.lowest <= int(text) <= self.highest:
            return int(text)
        words = f" or {self.words[0]} to {self.words[-1]}" if self.words else ""
        raise ValueError(f"write {self.lowest} to {self.highest}{words} for {self.name}, not {text!r}")


_FIELDS = (
    _Field("minutes", 0, 59),
    _Field("hours", 0, 23),
    _Field("day-of-month", 1, 31, special=r"\?|L|([1-9]|[12][0-9]|3[01])W"),
    _Field("month", 1, 12, words=MONTHS),
    _Field("day-of-week", 1, 7, words=DAYS, special=r"\?|L|[1-7]L|[1-7]#[1-5]"),
    _Field("year", 1970, 2199),
)


def check_expression(expression: str) -> str:
    """The expression itself when AWS accepts it; otherwise a ValueError that says what to write."""
    if rate := _RATE.fullmatch(expression):
        _check_rate(rate[1], rate[2])
    elif cron := _CRON.fullmatch(expression):
        _check_cron(cron[1].split())
    else:
        raise ValueError("use rate(5 minutes) or cron(0 8 * * ? *)")
    return expression


def check_timezone(name: str) -> str:
    """The name itself when the tz database has it."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        raise ValueError("use a tz database name, such as Europe/Berlin") from error
    return name


def _check_rate(value: str, unit: str) -> None:
    """AWS takes `1 day` and `2 days`, not `1 days`."""
    if not re.fullmatch(r"[1-9][0-9]*", value):
        raise ValueError(f"write a whole number from 1 before the unit, not {value!r}")
    units = ["minute", "hour", "day"] if value == "1" else ["minutes", "hours", "days"]
    if unit not in units:
        raise ValueError(f"write {listed(units)} after {value}, not {unit!r}")


def _check_cron(texts: list[str]) -> None:
    if len(texts) != len(_FIELDS):
        names = " ".join(field.name for field in _FIELDS)
        raise ValueError(f"give cron() 6 fields, not {len(texts)}: {names}")
    for field, text in zip(_FIELDS, texts, strict=True):
        _check_field(field, text)
    if (texts[2] == "?") == (texts[4] == "?"):
        raise ValueError("use ? in exactly one of day-of-month and day-of-week")


def _check_field(field: _Field, text: str) -> None:
    if re.fullmatch(field.special, text.upper()):
        return
    for part in text.split(","):
        values, slash, step = part.partition("/")
        if slash and not re.fullmatch(r"[1-9][0-9]*", step):
            raise ValueError(f"write a whole number from 1 after the / of {field.name}, not {step!r}")
        if values != "*":
            _check_range(field, values)


def _check_range(field: _Field, values: str) -> None:
    first, dash, last = values.partition("-")
    start = field.number(first)
    if dash and field.number(last) < start:
        raise ValueError(f"{values!r} runs backwards; list both parts of {field.name}, such as 22-23,0-2")
