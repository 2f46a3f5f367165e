"""Settings, read from a mapping that the caller gives (`os.environ`, in a handler).

Everything that is missing or invalid is reported at once, and no value is ever part of a message:

    with reading(os.environ) as read:
        settings = database_settings(read)
        retention_days = read.integer("RETENTION_DAYS", minimum=1, default=30)
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal


class SettingsError(Exception):
    """One or more settings are missing or invalid; `problems` has a line for each, sorted."""

    problems: tuple[str, ...]


class Reader:
    """Takes settings from a mapping and notes what is wrong with them."""

    def text(self, name: str, *, default: str | None = None) -> str: ...

    def integer(self, name: str, *, minimum: int, maximum: int | None = None, default: int | None = None) -> int: ...

    def choice(self, name: str, allowed: tuple[str, ...], *, default: str | None = None) -> str: ...


@contextmanager
def reading(environ: Mapping[str, str]) -> Iterator[Reader]:
    """Yield a Reader; raise SettingsError with all its problems when the block ends."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """DATABASE_* as declared by `database: reader|writer` in function.yaml."""

    host: str
    port: int
    name: str
    user: str
    auth: Literal["password", "secret", "iam"]
    password: str = field(default="", repr=False)
    secret_arn: str = ""
    region: str = ""
    tls_ca: str | None = None
    connect_timeout_seconds: int = 2
    read_timeout_seconds: int = 10
    write_timeout_seconds: int = 10


def database_settings(read: Reader) -> DatabaseSettings:
    """Read the DATABASE_* settings."""
    raise NotImplementedError
