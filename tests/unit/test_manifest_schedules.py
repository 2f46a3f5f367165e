"""Schedule expressions, as EventBridge Scheduler takes them."""

import re

import pytest

from toolchain.manifest.schedules import PATTERN, check_expression


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 minute)",
        "rate(5 minutes)",
        "rate(1 day)",
        "rate(12 hours)",
        "cron(0 8 * * ? *)",
        "cron(0/15 8-17 ? * MON-FRI *)",
        "cron(*/5 * ? * 2,4,6 2026-2030)",
        "cron(0 18 L * ? *)",
        "cron(0 9 15W JAN,jul ? *)",
        "cron(0 9 ? * 6L *)",
        "cron(0 9 ? * 2#1 *)",
        "cron(30,45 22-23,0-2 1-7 * ? *)",
    ],
)
def test_valid_expressions(expression: str) -> None:
    """The pattern that editors check lets through all that is valid."""
    assert check_expression(expression) == expression
    assert re.fullmatch(PATTERN, expression)


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("1 day", "use rate(5 minutes) or cron(0 8 * * ? *)"),
        ("at(2026-01-31T12:00:00)", "use rate(5 minutes) or cron(0 8 * * ? *)"),
        ("rate(1 days)", "write minute, hour or day after 1, not 'days'"),
        ("rate(2 day)", "write minutes, hours or days after 2, not 'day'"),
        ("rate(5 seconds)", "write minutes, hours or days after 5, not 'seconds'"),
        ("rate(0 days)", "write a whole number from 1 before the unit, not '0'"),
        ("rate(1.5 hours)", "write a whole number from 1 before the unit, not '1.5'"),
        (
            "cron(0 8 * * *)",
            "give cron() 6 fields, not 5: minutes hours day-of-month month day-of-week year",
        ),
        ("cron(0 8 * * * *)", "use ? in exactly one of day-of-month and day-of-week"),
        ("cron(0 8 ? * ? *)", "use ? in exactly one of day-of-month and day-of-week"),
        ("cron(60 8 * * ? *)", "write 0 to 59 for minutes, not '60'"),
        ("cron(0 ? * * ? *)", "write 0 to 23 for hours, not '?'"),
        ("cron(0 8 * 13 ? *)", "write 1 to 12 or JAN to DEC for month, not '13'"),
        ("cron(0 8 ? * 0 *)", "write 1 to 7 or SUN to SAT for day-of-week, not '0'"),
        ("cron(0 8 ? * MONDAY *)", "write 1 to 7 or SUN to SAT for day-of-week, not 'MONDAY'"),
        ("cron(0 8 * * ? 1969)", "write 1970 to 2199 for year, not '1969'"),
        ("cron(0/0 8 * * ? *)", "write a whole number from 1 after the / of minutes, not '0'"),
        ("cron(0 22-2 * * ? *)", "'22-2' runs backwards; list both parts of hours, such as 22-23,0-2"),
        ("cron(0 8,,9 * * ? *)", "write 0 to 23 for hours, not ''"),
    ],
)
def test_invalid_expressions(expression: str, problem: str) -> None:
    """EventBridge would say no more than `Invalid Schedule Expression`."""
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        check_expression(expression)
