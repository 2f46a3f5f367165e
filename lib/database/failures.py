"""What the errors of a MySQL server and its client mean for whoever meets them."""

from pymysql import err


class DatabaseUnavailable(Exception):  # noqa: N818  says what is the case; callers read better for it
    """The database can't be reached, or has no connection to spare: answer 503, try again later.

    The text is for the log: it names hosts and accounts (never a password).
    """


# 1053: the server is shutting down. 1927 (MariaDB), 3169 (MySQL): the connection was killed.
_LOST = frozenset({1053, 1927, 2006, 2013, 2055, 3169})
# The connection's server was the writer until a failover: another connection reaches the new one.
_READ_ONLY = frozenset({1290, 1836})
_DEADLOCK = 1213
# 1040: all of the server's connections are taken. 1203, 1226: the account's. 1205: rows stay locked.
_BUSY = frozenset({1040, 1203, 1205, 1226, _DEADLOCK})


def code_of(error: err.MySQLError) -> int:
    """The number of the error: 1062; 0 for one without."""
    code = error.args[0] if error.args else 0
    return code if isinstance(code, int) else 0


def means_lost(error: err.MySQLError) -> bool:
    """Whether the connection is of no more use."""
    return code_of(error) in _LOST | _READ_ONLY or isinstance(error, err.InterfaceError)


def means_unavailable(error: err.MySQLError) -> bool:
    """Whether the server's state is the cause, and not the statement."""
    return means_lost(error) or code_of(error) in _BUSY


def may_pass(error: err.MySQLError) -> bool:
    """Whether the same work may well succeed at once; a timeout would take as long again."""
    return (means_lost(error) or code_of(error) == _DEADLOCK) and not means_timeout(error)


def means_timeout(error: BaseException) -> bool:
    """PyMySQL reports a timeout as 2013 or 2003; only the error behind it tells."""
    behind = getattr(error, "original_exception", None) or error.__cause__ or error.__context__
    return isinstance(behind, TimeoutError)
