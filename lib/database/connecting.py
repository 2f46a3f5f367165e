"""Make connections: the right account, TLS where the settings ask for it, the session as it has to be."""

import math
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from socket import socket

from pymysql import err
from pymysql.connections import Connection
from pymysql.constants import CLIENT, CR

from lib.database.accounts import Account, accounts
from lib.database.failures import DatabaseUnavailable, code_of, means_timeout
from lib.database.times import CONVERSIONS
from lib.deadline import at_most
from lib.settings import DatabaseSettings

_ACCESS_DENIED = 1045
_CLEAR_TEXT = (b"mysql_clear_password", b"dialog")
_LONGEST_LOCK_WAIT_SECONDS = 50  # the server's own default for rows

# Valid on MariaDB and MySQL alike. Only variables that RDS Proxy tracks: others pin a connection, which is
# for one client alone from then on (RDS user guide, "Avoiding pinning an RDS Proxy").
_SESSION = (
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', autocommit = {autocommit:d}"
)


class HurriedConnection(Connection):
    """A connection that never waits longer than the invocation lasts, whatever its timeouts are.

    For the server's greeting, and for BEGIN, it waits no longer than for the connection. PyMySQL would wait
    for its read timeout, which is meant for queries. A container that was frozen while its database moved to
    another host would spend a Cognito trigger's four seconds on that.
    """

    connect_timeout: float
    _secure: bool
    _lock_wait_seconds = 0
    is_proxied = False

    # PyMySQL reads these two before each packet, and sets them in its constructor.
    @property
    def _read_timeout(self) -> float:
        return at_most(self._patience)

    @_read_timeout.setter
    def _read_timeout(self, seconds: float) -> None:
        self._patience = seconds

    @property
    def _write_timeout(self) -> float:
        return at_most(self._write_patience)

    @_write_timeout.setter
    def _write_timeout(self, seconds: float) -> None:
        self._write_patience = seconds

    def connect(self, sock: socket | None = None) -> None:
        with self._hurrying():
            super().connect(sock)

    def begin(self) -> None:
        with self._hurrying():
            super().begin()

    def _process_auth(self, plugin_name: bytes, auth_packet: object, handler: object = None) -> object:
        """Whoever answers in the server's place may ask for the password as it is; PyMySQL would send it."""
        if plugin_name in _CLEAR_TEXT and not self._secure:
            raise err.OperationalError(
                CR.CR_AUTH_PLUGIN_ERR, "the server asks for the password in clear text, without TLS"
            )
        return super()._process_auth(plugin_name, auth_packet, handler)  # type: ignore[misc]

    def limit_lock_waits(self) -> None:
        """Let the server give up (1205) before this side does, which would cost the connection.

        Both variables count whole seconds on MariaDB and MySQL; MySQL refuses 0. The limit is the same at the
        start of each invocation, so that a warm container hardly ever sets it.
        RDS Proxy does not track them, and sets them itself for all its connections.
        """
        if self.is_proxied:
            return
        seconds = min(max(math.ceil(self._read_timeout) - 1, 1), _LONGEST_LOCK_WAIT_SECONDS)
        if seconds != self._lock_wait_seconds:
            with self._hurrying():
                self.query(f"SET SESSION lock_wait_timeout = {seconds}, innodb_lock_wait_timeout = {seconds}")
            self._lock_wait_seconds = seconds

    @contextmanager
    def _hurrying(self) -> Iterator[None]:
        patience = self.connect_timeout, self._patience
        self.connect_timeout = self._patience = at_most(self.connect_timeout)
        try:
            yield
        finally:
            self.connect_timeout, self._patience = patience


class Connector:
    """Opens connections to one database; remembers the account it was given."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self._settings = settings
        self._accounts = accounts(settings)

    def open(self, *, autocommit: bool = False) -> HurriedConnection:
        """A new connection. Raises DatabaseUnavailable, whatever the reason: the cause has it."""
        try:
            try:
                return self._open(self._accounts.current(), autocommit=autocommit)
            except err.MySQLError as error:
                if not self._deserves_another_attempt(error):
                    raise
                return self._open(self._accounts.current(), autocommit=autocommit)
        except err.MySQLError as error:
            reason = error.args[1] if len(error.args) > 1 else error
            raise DatabaseUnavailable(f"{self._settings.host}:{self._settings.port}: {reason}") from error
        except RuntimeError as error:  # PyMySQL: the server's way to sign in without TLS needs a package
            raise DatabaseUnavailable(f"{self._settings.host}:{self._settings.port}: {error}") from error

    def _deserves_another_attempt(self, error: err.MySQLError) -> bool:
        if code_of(error) == _ACCESS_DENIED:
            return self._accounts.renew()
        # A second wait would be too long, a full server is not helped by more attempts, and a certificate
        # stays as wrong as it is.
        is_certificate = isinstance(getattr(error, "original_exception", None), ssl.SSLError)
        return code_of(error) in (2003, 2006, 2013) and not means_timeout(error) and not is_certificate

    def _open(self, account: Account, *, autocommit: bool) -> HurriedConnection:
        settings = self._settings
        tls = _read_certificates(settings.tls_ca) if settings.uses_tls else None
        connection = HurriedConnection(
            host=settings.host,
            port=settings.port,
            database=settings.name,
            user=account.user,
            password=account.password.encode(),  # else PyMySQL encodes it as latin-1
            charset="utf8mb4",
            conv=CONVERSIONS,
            init_command=_SESSION.format(autocommit=autocommit),
            autocommit=None,
            client_flag=CLIENT.FOUND_ROWS,
            connect_timeout=settings.connect_timeout_seconds,
            read_timeout=settings.read_timeout_seconds,
            write_timeout=settings.write_timeout_seconds,
            ssl=tls,
            ssl_disabled=tls is None,
        )
        connection.is_proxied = settings.is_proxied
        return connection


def connect(settings: DatabaseSettings) -> Connection:
    """A new connection of one's own, in autocommit mode: for migrations. Raises DatabaseUnavailable."""
    return Connector(settings).open(autocommit=True)


def _read_certificates(path: str | None) -> ssl.SSLContext:
    try:
        return tls_context(path)
    except OSError as error:  # an ssl.SSLError, too
        raise DatabaseUnavailable(f"{path}: {error.strerror}") from error


@cache
def tls_context(certificates: str | None) -> ssl.SSLContext:
    """Verify the server's certificate and name against these certificates, or the system's when None."""
    context = ssl.create_default_context(cafile=certificates)
    # Python 3.13 asks for the letter of RFC 5280, which database servers' authorities don't all keep to.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context
