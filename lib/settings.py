"""Settings, read from a mapping that the caller gives (`os.environ`, in a handler).

Everything that is missing or invalid is reported at once, and no value is ever part of a message:

    with reading(os.environ) as read:
        settings = database_settings(read)
        retention_days = read.integer("RETENTION_DAYS", minimum=1, default=30)
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

# RFC 6761, 6.3; RFC 5735, 3; RFC 4291, 2.5.3
_LOOPBACK = re.compile(r"localhost|127(\.[0-9]{1,3}){3}|::1")


class SettingsError(Exception):
    """One or more settings are missing or invalid; `problems` has a line for each, sorted."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(self.problems))


class Reader:
    """Takes settings from a mapping and notes what is wrong with them.

    A setting with a problem reads as "" or 0, which nobody sees: `reading` raises when its block ends.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def text(self, name: str, *, default: str | None = None) -> str:
        """The setting, which may not be empty."""
        value = self._environ.get(name, "")
        if value or default is not None:
            return value or default or ""
        self.problems.append(f"{name} is not set")
        return ""

    def integer(
        self, name: str, *, minimum: int, maximum: int | None = None, default: int | None = None
    ) -> int:
        """The setting as a decimal number from `minimum` to `maximum`."""
        text = self.text(name, default=None if default is None else str(default))
        if not text:
            return 0
        try:
            value = int(text)
        except ValueError:
            value = minimum - 1
        if value < minimum or (maximum is not None and value > maximum):
            limits = f"{minimum} or more" if maximum is None else f"{minimum} to {maximum}"
            self.problems.append(f"{name} is not a number from its range; use {limits}")
        return value

    def choice(self, name: str, allowed: tuple[str, ...], *, default: str | None = None) -> str:
        """The setting, which has to be one of `allowed`."""
        value = self.text(name, default=default)
        if value and value not in allowed:
            self.problems.append(f"{name} is not one of its values; use {', '.join(allowed)}")
        return value


@contextmanager
def reading(environ: Mapping[str, str]) -> Iterator[Reader]:
    """Yield a Reader; raise SettingsError with all its problems when the block ends."""
    reader = Reader(environ)
    yield reader
    if reader.problems:
        raise SettingsError(reader.problems)


@dataclass(frozen=True, slots=True)
class AwsCredentials:
    """The credentials of a function's role, as Lambda puts them into its environment."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """How the database is reached; what the `auth` mode doesn't use is empty.

    password    `user` and `password`
    secret      `secret_arn`: a Secrets Manager secret with `username` and `password`, as RDS makes them
    iam         `user`, and a token signed for `region` with `aws_credentials` (else with those the AWS SDK
                finds); always over TLS

    `is_proxied` says that RDS Proxy is in between, which keeps connections for those who set variables.
    With TLS, the server is trusted if the certificates in the file `tls_ca` vouch for it, or the system's
    when there is none. RDS's own are not among those; RDS Proxy's are.
    """

    host: str
    port: int
    name: str
    auth: str
    user: str = ""
    password: str = field(default="", repr=False)
    secret_arn: str = ""
    region: str = ""
    aws_credentials: AwsCredentials | None = None
    uses_tls: bool = True
    tls_ca: str | None = None
    is_proxied: bool = False
    connect_timeout_seconds: int = 2
    read_timeout_seconds: int = 10
    write_timeout_seconds: int = 10


def database_settings(read: Reader) -> DatabaseSettings:
    """Read DATABASE_*, which a function has that declares `database: reader`, `writer` or `owner`."""
    auth = read.choice("DATABASE_AUTH", ("password", "secret", "iam"))
    host = read.text("DATABASE_HOST")
    tls_ca = read.text("DATABASE_TLS_CA", default="") or None
    return DatabaseSettings(
        host=host,
        port=read.integer("DATABASE_PORT", minimum=1, maximum=65535, default=3306),
        name=read.text("DATABASE_NAME"),
        auth=auth,
        user=read.text("DATABASE_USER") if auth in ("password", "iam") else "",
        password=read.text("DATABASE_PASSWORD") if auth == "password" else "",
        secret_arn=read.text("DATABASE_SECRET_ARN") if auth == "secret" else "",
        region=read.text("AWS_REGION") if auth in ("secret", "iam") else "",
        aws_credentials=_aws_credentials(read) if auth == "iam" else None,
        uses_tls=_uses_tls(read, auth, host) or tls_ca is not None,
        tls_ca=tls_ca,
        is_proxied=read.choice("DATABASE_PROXY", ("on", "off"), default="off") == "on",
    )


def _uses_tls(read: Reader, auth: str, host: str) -> bool:
    """Whether TLS is to be used: unless DATABASE_TLS is off, or a password is for this machine itself."""
    tls = read.choice("DATABASE_TLS", ("on", "off"), default="")
    if tls == "off" and auth in ("secret", "iam"):
        read.problems.append(f"DATABASE_TLS can't be off when DATABASE_AUTH is {auth}")
    if auth == "password" and not tls:
        return _LOOPBACK.fullmatch(host) is None
    return tls != "off"


def _aws_credentials(read: Reader) -> AwsCredentials | None:
    access_key_id = read.text("AWS_ACCESS_KEY_ID", default="")
    secret_access_key = read.text("AWS_SECRET_ACCESS_KEY", default="")
    if not (access_key_id and secret_access_key):
        return None
    return AwsCredentials(access_key_id, secret_access_key, read.text("AWS_SESSION_TOKEN", default=""))
