"""A release as it is noted in the artifact bucket: releases/<id>.json.

It is written before anything is changed (pending), and again when it is over (live or failed). So a release
that was killed is one that stays pending; the next one notes that it was interrupted.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from toolchain.errors import ReleaseError

FOLDER = "releases/"
_TIME = "%Y%m%dT%H%M%SZ"

type Result = Literal["pending", "live", "failed"]


@dataclass(frozen=True, slots=True)
class ReleasedFunction:
    """A function's version, the SHA-256 of its zip (hexadecimal), and the kinds of triggers it has."""

    function_name: str
    version: str
    sha256: str
    triggers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """A request that tells whether the API works.

    A public route has to answer with less than 400; a protected one with 401, since no token is sent.
    """

    function: str
    method: str
    path: str
    query: str
    is_public: bool


@dataclass(frozen=True, slots=True)
class Release:
    """`created` and `finished` are UTC, ISO 8601; `commit` is None outside of git.

    `previous` is the release that was live before; `rollback_to` the one whose versions these are, when it
    was a rollback. `migrations` are those applied by this release, even when it has failed.
    """

    id: str
    created: str
    who: str
    commit: str | None
    is_dirty: bool
    result: Result
    api_url: str
    functions: dict[str, ReleasedFunction]
    probes: tuple[Probe, ...] = ()
    migrations: tuple[str, ...] = ()
    previous: str | None = None
    rollback_to: str | None = None
    finished: str | None = None
    reason: str | None = None
    format: Literal[1] = 1

    @property
    def key(self) -> str:
        return f"{FOLDER}{self.id}.json"

    @property
    def origin(self) -> str:
        """The release whose versions these are: itself, unless it was a rollback."""
        return self.rollback_to or self.id


_ADAPTER = TypeAdapter(Release)


def to_json(release: Release) -> bytes:
    """The record's text."""
    return _ADAPTER.dump_json(release, indent=2) + b"\n"


def parse_release(body: bytes, key: str) -> Release:
    """The release of a record. Raises ReleaseError for a text that is none, or of another format."""
    try:
        return _ADAPTER.validate_json(body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the text"
        raise ReleaseError(
            f"{key}: {where}: {first['msg']}; written by another version of the toolchain?"
        ) from error


def new_id(now: datetime, latest: str | None) -> str:
    """An id that sorts after the latest, whatever the clocks of machines say: `20260131T120000Z-9f31c2`."""
    if latest is not None:
        after = datetime.strptime(latest.split("-", 1)[0], _TIME).replace(tzinfo=UTC) + timedelta(seconds=1)
        now = max(now, after)
    return f"{now.strftime(_TIME)}-{secrets.token_hex(3)}"
