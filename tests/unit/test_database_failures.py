"""What the server's errors mean: who is told to come back later, and what is done again."""

import pytest
from pymysql import err

from lib.database.failures import may_pass, means_lost, means_unavailable


def timed_out() -> err.OperationalError:
    """2013 as PyMySQL raises it after a read timeout."""
    error = err.OperationalError(2013, "Lost connection to MySQL server during query (timed out)")
    error.__context__ = TimeoutError("timed out")
    return error


@pytest.mark.parametrize(
    ("error", "lost", "unavailable", "passes"),
    [
        (err.OperationalError(2006, "MySQL server has gone away"), True, True, True),
        (err.OperationalError(2013, "Lost connection to MySQL server during query"), True, True, True),
        (timed_out(), True, True, False),
        (err.InterfaceError(0, ""), True, True, True),
        (err.OperationalError(1053, "Server shutdown in progress"), True, True, True),
        (err.OperationalError(1927, "Connection was killed"), True, True, True),
        (err.OperationalError(1290, "running with the --read-only option"), True, True, True),
        (err.OperationalError(1213, "Deadlock found when trying to get lock"), False, True, True),
        (err.OperationalError(1205, "Lock wait timeout exceeded"), False, True, False),
        (err.OperationalError(1040, "Too many connections"), False, True, False),
        (err.OperationalError(1203, "more than 'max_user_connections'"), False, True, False),
        (err.IntegrityError(1062, "Duplicate entry"), False, False, False),
        (err.ProgrammingError(1064, "You have an error in your SQL syntax"), False, False, False),
        (err.DataError("no code"), False, False, False),
    ],
    ids=lambda value: str(value.args) if isinstance(value, Exception) else "",
)
def test_each_error(error: err.MySQLError, *, lost: bool, unavailable: bool, passes: bool) -> None:
    assert (means_lost(error), means_unavailable(error), may_pass(error)) == (lost, unavailable, passes)
