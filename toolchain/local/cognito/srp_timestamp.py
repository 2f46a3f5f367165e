"""The TIMESTAMP that clients sign when they prove a password: `Tue Sep 5 07:08:09 UTC 2023`.

Cognito signs what it reads in it, written its own way: `Sep 05` or another day of the week is a wrong
password there (measured on AWS: github.com/ministackorg/ministack/pull/1758). How old it is matters to
nobody: clients whose clock is an hour ahead do sign in
(github.com/amazon-archives/amazon-cognito-identity-js/issues/495); each exchange is good once, for minutes.
"""

import re
from datetime import UTC, datetime

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FORM = re.compile(
    rf"({'|'.join(_DAYS)}) ({'|'.join(_MONTHS)}) ([1-9]\d?) (\d\d):(\d\d):(\d\d) (?:UTC|GMT) (\d{{4}})",
    re.ASCII,
)


def is_timestamp(text: str) -> bool:
    """Whether it is a moment, written as Cognito writes it.

    >>> is_timestamp("Tue Sep 5 07:08:09 UTC 2023"), is_timestamp("Tue Sep 05 07:08:09 UTC 2023")
    (True, False)
    """
    match = _FORM.fullmatch(text)
    if match is None:
        return False
    weekday, month, day, hour, minute, second, year = match.groups()
    numbers = (int(day), int(hour), int(minute), int(second))
    try:
        moment = datetime(int(year), _MONTHS.index(month) + 1, *numbers, tzinfo=UTC)
    except ValueError:
        return False
    return _DAYS[moment.weekday()] == weekday
