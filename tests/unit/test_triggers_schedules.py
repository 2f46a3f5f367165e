"""When schedules are due: AWS's expressions, time zones, daylight saving."""

from datetime import UTC, datetime, timedelta

import pytest

from toolchain.local.triggers.schedules.occurrences import Within, parse_schedule

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)  # a Saturday


def times(expression: str, *, after: str, count: int = 3, timezone: str = "UTC") -> list[str]:
    """The next times after a moment in UTC, as `2026-01-31 12:00` in UTC."""
    moment: datetime | None = datetime.fromisoformat(after).replace(tzinfo=UTC)
    schedule = parse_schedule(expression, first=NOON, timezone=timezone)
    found: list[str] = []
    while len(found) < count and moment and (moment := schedule.next_after(moment)):
        found.append(moment.strftime("%Y-%m-%d %H:%M"))
    return found


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("cron(15 10 * * ? *)", "2026-01-31 12:00", ["2026-02-01 10:15", "2026-02-02 10:15"]),
        ("cron(0 18 ? * MON-FRI *)", "2026-01-30 18:00", ["2026-02-02 18:00", "2026-02-03 18:00"]),
        ("cron(0 8 1 * ? *)", "2026-01-31 12:00", ["2026-02-01 08:00", "2026-03-01 08:00"]),
        ("cron(0/10 * ? * mon-fri *)", "2026-01-30 23:45", ["2026-01-30 23:50", "2026-02-02 00:00"]),
        ("cron(50-59/5 23 * * ? *)", "2026-01-31 23:50", ["2026-01-31 23:55", "2026-02-01 23:50"]),
        ("cron(0 0,12 * * ? *)", "2026-01-31 11:59", ["2026-01-31 12:00", "2026-02-01 00:00"]),
        ("cron(0 0 31 * ? *)", "2026-01-31 12:00", ["2026-03-31 00:00", "2026-05-31 00:00"]),
        ("cron(0 0 29 FEB ? *)", "2026-01-31 12:00", ["2028-02-29 00:00", "2032-02-29 00:00"]),
        ("cron(0 0 1 JAN,JUL ? 2026-2027)", "2026-12-31 12:00", ["2027-01-01 00:00", "2027-07-01 00:00"]),
        ("cron(0 0 1 1 ? 2026/2)", "2026-01-31 12:00", ["2028-01-01 00:00", "2030-01-01 00:00"]),
    ],
)
def test_cron(expression: str, after: str, expected: list[str]) -> None:
    assert times(expression, after=after, count=2) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cron(0 0 L * ? *)", ["2026-02-28 00:00", "2026-03-31 00:00", "2026-04-30 00:00"]),
        # 1 February 2026 and 1 March are Sundays, 1 August a Saturday
        ("cron(0 0 1W * ? *)", ["2026-02-02 00:00", "2026-03-02 00:00", "2026-04-01 00:00"]),
        ("cron(0 0 1W 8 ? *)", ["2026-08-03 00:00", "2027-08-02 00:00", "2028-08-01 00:00"]),
        ("cron(0 0 31W * ? *)", ["2026-03-31 00:00", "2026-05-29 00:00", "2026-07-31 00:00"]),
        ("cron(0 0 14W 2 ? *)", ["2026-02-13 00:00", "2027-02-15 00:00", "2028-02-14 00:00"]),
        ("cron(0 0 ? * L *)", ["2026-02-07 00:00", "2026-02-14 00:00", "2026-02-21 00:00"]),
        ("cron(0 0 ? * 6L *)", ["2026-02-27 00:00", "2026-03-27 00:00", "2026-04-24 00:00"]),
        ("cron(0 0 ? * 2#1 *)", ["2026-02-02 00:00", "2026-03-02 00:00", "2026-04-06 00:00"]),
        ("cron(0 0 ? * 1#5 *)", ["2026-03-29 00:00", "2026-05-31 00:00", "2026-08-30 00:00"]),
        ("cron(0 0 ? * SUN *)", ["2026-02-01 00:00", "2026-02-08 00:00", "2026-02-15 00:00"]),
        ("cron(0 0 ? * 1,7 *)", ["2026-02-01 00:00", "2026-02-07 00:00", "2026-02-08 00:00"]),
    ],
)
def test_days_of_their_own(expression: str, expected: list[str]) -> None:
    """L, W and #; day 1 of the week is Sunday."""
    assert times(expression, after="2026-01-31 12:00") == expected


def test_a_time_that_never_comes() -> None:
    assert times("cron(0 0 30 2 ? *)", after="2026-01-31 12:00") == []
    assert times("cron(0 0 1 1 ? 2025)", after="2026-01-31 12:00") == []


@pytest.mark.parametrize(
    ("expression", "timezone", "after", "expected"),
    [
        ("cron(0 8 * * ? *)", "Europe/Berlin", "2026-03-28 00:00", ["2026-03-28 07:00", "2026-03-29 06:00"]),
        # 02:30 does not exist on 29 March
        ("cron(30 2 * * ? *)", "Europe/Berlin", "2026-03-28 02:00", ["2026-03-30 00:30", "2026-03-31 00:30"]),
        # 02:30 is twice on 25 October
        ("cron(30 2 * * ? *)", "Europe/Berlin", "2026-10-24 12:00", ["2026-10-25 00:30", "2026-10-26 01:30"]),
        ("cron(30 2 * * ? *)", "Europe/Berlin", "2026-10-25 00:30", ["2026-10-26 01:30", "2026-10-27 01:30"]),
        ("cron(0 0 1 * ? *)", "Asia/Tokyo", "2026-01-31 12:00", ["2026-01-31 15:00", "2026-02-28 15:00"]),
        (
            "cron(0 20 1 * ? *)",
            "America/New_York",
            "2026-02-02 00:30",
            ["2026-02-02 01:00", "2026-03-02 01:00"],
        ),
    ],
)
def test_time_zones(expression: str, timezone: str, after: str, expected: list[str]) -> None:
    assert times(expression, after=after, timezone=timezone, count=2) == expected


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("rate(1 minute)", "2026-01-31 11:00", ["2026-01-31 12:00", "2026-01-31 12:01"]),
        ("rate(5 minutes)", "2026-01-31 12:00", ["2026-01-31 12:05", "2026-01-31 12:10"]),
        ("rate(12 hours)", "2026-02-03 23:59", ["2026-02-04 00:00", "2026-02-04 12:00"]),
        ("rate(1 day)", "2026-03-28 12:00", ["2026-03-29 12:00", "2026-03-30 12:00"]),
    ],
)
def test_rates(expression: str, after: str, expected: list[str]) -> None:
    """From the first time on; a day is 24 hours."""
    assert times(expression, after=after, count=2) == expected


def test_one_time() -> None:
    assert times("at(2026-07-01T09:30:00)", after="2026-01-31 12:00", timezone="Europe/Berlin") == [
        "2026-07-01 07:30"
    ]


def test_only_within() -> None:
    """Both ends are included."""
    hourly = parse_schedule("rate(1 hour)", first=NOON)
    within = Within(hourly, NOON + timedelta(hours=2), NOON + timedelta(hours=3))

    assert within.next_after(NOON - timedelta(days=1)) == NOON + timedelta(hours=2)
    assert within.next_after(NOON + timedelta(hours=2)) == NOON + timedelta(hours=3)
    assert within.next_after(NOON + timedelta(hours=3)) is None


@pytest.mark.parametrize(
    ("expression", "timezone", "message"),
    [
        ("daily", "UTC", "use rate(5 minutes) or cron(0 8 * * ? *)"),
        ("rate(0 days)", "UTC", "write a whole number from 1 before the unit, not '0'"),
        ("rate(1 day)", "Mars/Base", "use a tz database name, such as Europe/Berlin"),
    ],
)
def test_what_aws_refuses(expression: str, timezone: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared
        parse_schedule(expression, first=NOON, timezone=timezone)
    assert str(caught.value) == message
