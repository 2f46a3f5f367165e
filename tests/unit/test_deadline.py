"""Waits end before Lambda ends the function."""

import pytest

from lib.context import LambdaContext
from lib.deadline import at_most, deadline_of
from lib.logging import logged
from tests.unit.http_events import Context


@pytest.mark.parametrize(
    ("remaining_millis", "expected"), [(60_000, 10), (4000, 3.5), (700, 0.2), (500, 0.05), (-20, 0.05)]
)
def test_a_wait_leaves_time_for_an_answer(remaining_millis: int, expected: float) -> None:
    with deadline_of(Context(remaining_millis=remaining_millis)):
        assert at_most(10) == pytest.approx(expected)


def test_outside_of_an_invocation_there_is_no_hurry() -> None:
    with deadline_of(Context(remaining_millis=1000)):
        pass
    assert at_most(10) == 10


def test_every_handler_has_its_deadline() -> None:
    @logged
    def handler(_event: object, _context: LambdaContext, /) -> float:
        return at_most(10)

    assert handler({}, Context(remaining_millis=3000)) == 2.5
