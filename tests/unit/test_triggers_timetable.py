"""Which schedules are called at a time."""

from datetime import UTC, datetime, timedelta

import pytest

from toolchain.events.catalog import named_event
from toolchain.local.triggers.schedules.occurrences import parse_schedule
from toolchain.local.triggers.schedules.scheduler import schedule_event, schedule_input
from toolchain.local.triggers.schedules.timetable import Entry, Timetable

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SCHEDULE = "arn:aws:scheduler:eu-west-1:123456789012:schedule/default/nightly"


def entry(expression: str, *, created: datetime = NOON - timedelta(days=30), name: str = "a") -> Entry:
    return Entry(name, expression, created, parse_schedule(expression, first=created), lambda _: None)


def due(timetable: Timetable, now: datetime) -> list[tuple[str, datetime]]:
    return [(taken.name, time) for taken, time in timetable.take_due(now)]


def test_what_is_due_is_due_once() -> None:
    timetable = Timetable()
    timetable.follow([entry("cron(30 12 * * ? *)"), entry("rate(20 minutes)", name="b")], NOON)

    assert timetable.next_time() == NOON + 20 * MINUTE
    assert due(timetable, NOON + 19 * MINUTE) == []
    assert due(timetable, NOON + 20 * MINUTE) == [("b", NOON + 20 * MINUTE)]
    assert due(timetable, NOON + 20 * MINUTE) == []
    assert timetable.next_time() == NOON + 30 * MINUTE


def test_what_was_missed_is_not_caught_up_on() -> None:
    """The machine slept for a day: of all the times since, not one; the next is in the future."""
    timetable = Timetable()
    timetable.follow([entry("rate(7 minutes)")], NOON)
    later = NOON + timedelta(days=1, seconds=90)

    assert due(timetable, later) == []
    following = timetable.next_time()
    assert following
    assert later < following <= later + 7 * MINUTE


def test_a_time_that_is_late_within_the_minute() -> None:
    timetable = Timetable()
    timetable.follow([entry("cron(1 12 * * ? *)")], NOON)

    assert due(timetable, NOON + MINUTE + timedelta(seconds=59)) == [("a", NOON + MINUTE)]


def test_a_new_rate_begins_at_once_and_an_old_one_does_not() -> None:
    timetable = Timetable()
    new = entry("rate(1 day)", created=NOON - timedelta(seconds=1), name="new")
    timetable.follow([new, entry("rate(1 day)", name="old")], NOON)

    assert due(timetable, NOON) == [("new", new.created)]


def test_schedules_that_stay_change_and_go() -> None:
    """One that stays keeps its time, also if it is due now."""
    timetable = Timetable()
    stays, goes = entry("cron(1 12 * * ? *)"), entry("cron(1 12 * * ? *)", name="b")
    timetable.follow([stays, goes, entry("cron(1 12 * * ? *)", name="c")], NOON)
    timetable.follow([stays, entry("cron(5 12 * * ? *)", name="c")], NOON + MINUTE)

    assert due(timetable, NOON + MINUTE) == [("a", NOON + MINUTE)]
    assert timetable.next_time() == NOON + 5 * MINUTE


def test_the_last_time() -> None:
    timetable = Timetable()
    once = entry("at(2026-01-31T12:05:00)")
    timetable.follow([once], NOON)
    assert not timetable.is_finished(once)

    assert due(timetable, NOON + 5 * MINUTE) == [("a", NOON + 5 * MINUTE)]
    assert timetable.is_finished(once)
    assert timetable.next_time() is None


def test_the_event_has_the_keys_of_the_sample() -> None:
    event, sample = schedule_event(SCHEDULE, NOON), named_event("schedule")

    assert event.keys() == sample.keys()
    assert event == {**sample, "id": event["id"], "time": "2026-01-31T12:00:00Z", "resources": [SCHEDULE]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"task": "sweep"}', {"task": "sweep"}),
        ('{"at": "<aws.scheduler.scheduled-time>"}', {"at": "2026-01-31T12:00:00Z"}),
        (
            '{"by": "<aws.scheduler.schedule-arn>", "n": <aws.scheduler.attempt-number>}',
            {"by": SCHEDULE, "n": 1},
        ),
        ("sweep", "sweep"),
    ],
)
def test_inputs(text: str, expected: object) -> None:
    assert schedule_input(text, SCHEDULE, NOON) == expected
