"""Times in columns: DATETIME and TIMESTAMP have no zone; they are in UTC, as the sessions are.

    2026-01-31 12:00:00  <->  datetime(2026, 1, 31, 12, tzinfo=UTC)

PyMySQL alone would read times without a zone, and drop that of the times it writes.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from pymysql.constants import FIELD_TYPE
from pymysql.converters import conversions, convert_datetime, escape_datetime


def read_time(text: str) -> datetime | str:
    """An aware time; what is none (`0000-00-00 00:00:00`) as it is."""
    time: datetime | str = convert_datetime(text)
    return time.replace(tzinfo=UTC) if isinstance(time, datetime) else time


def write_time(time: datetime, mapping: Mapping[type, Any] | None = None) -> str:
    """A literal, `'2026-01-31 12:00:00'`; a time without a zone is taken for one in UTC."""
    text: str = escape_datetime(time.astimezone(UTC) if time.tzinfo else time, mapping)
    return text


CONVERSIONS: dict[int | type[Any], Callable[..., Any]] = {
    **conversions,
    datetime: write_time,
    FIELD_TYPE.DATETIME: read_time,
    FIELD_TYPE.TIMESTAMP: read_time,
}
