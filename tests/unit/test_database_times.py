"""Times as the database has them, and as Python does."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from lib.database.times import read_time, write_time

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31 12:00:00", NOON),
        ("2026-01-31 12:00:00.000250", NOON.replace(microsecond=250)),
        ("0000-00-00 00:00:00", "0000-00-00 00:00:00"),
    ],
)
def test_reading(text: str, expected: datetime | str) -> None:
    """In UTC; what is no time stays a text."""
    assert read_time(text) == expected


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (NOON, "'2026-01-31 12:00:00'"),
        (NOON.replace(microsecond=250), "'2026-01-31 12:00:00.000250'"),
        (NOON.astimezone(timezone(timedelta(hours=13))), "'2026-01-31 12:00:00'"),
        (NOON.replace(tzinfo=None), "'2026-01-31 12:00:00'"),
    ],
)
def test_writing(time: datetime, expected: str) -> None:
    """In UTC, whatever the zone."""
    assert write_time(time) == expected
