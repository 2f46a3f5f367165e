"""The releases of a stage, as their records in the artifact bucket tell."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import batched

from toolchain.deploy.releases.record import FOLDER, Release, parse_release, to_json
from toolchain.deploy.releases.services import ABSENT, Bucket
from toolchain.errors import ReleaseError

_AT_ONCE = 8


class History:
    """Reads and writes the records; what has been written here is replaced only if nobody else has."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._etags: dict[str, str] = {}

    def ids(self) -> list[str]:
        """The ids of all releases, the latest first."""
        keys = [key for key in self._bucket.keys(FOLDER) if key.endswith(".json")]
        return [key.removeprefix(FOLDER).removesuffix(".json") for key in reversed(keys)]

    def read(self, ids: Sequence[str]) -> Iterator[Release]:
        """The releases of the ids, in their order; read a few at a time, as they are asked for."""
        for some in batched(ids, _AT_ONCE, strict=False):
            with ThreadPoolExecutor(_AT_ONCE) as threads:
                found = list(threads.map(self._read_one, some))
            yield from (one for one in found if one)

    def write(self, release: Release) -> None:
        """Write a record: a new one, or one that was read or written here. Raises ChangedError."""
        body = to_json(release)
        self._etags[release.id] = self._bucket.write(
            release.key,
            body,
            sha256=hashlib.sha256(body).hexdigest(),
            only_if=self._etags.get(release.id, ABSENT),
        )

    def _read_one(self, release_id: str) -> Release | None:
        key = f"{FOLDER}{release_id}.json"
        found = self._bucket.read(key)
        if found is None:  # removed since it was listed
            return None
        self._etags[release_id] = found.etag
        return parse_release(found.body, key)


def current(releases: Iterable[Release]) -> Release | None:
    """The release that is live, of all releases, the latest first."""
    return next((release for release in releases if release.result == "live"), None)


def choose(releases: Sequence[Release], wanted: str | None, *, is_intact: bool) -> Release:
    """The release to go back to: the one that was live before, or the wanted one (its id, or how it begins).

    `releases` are the latest first. When what is live is not intact, since a later release was killed while
    it moved aliases, it is what to go back to. Raises ReleaseError when there is none, or it never was live.
    """
    live = [release for release in releases if release.result == "live"]
    if wanted is None:
        return _before(live) if is_intact else _origin(live, live[0])
    if not wanted:
        raise ReleaseError(f"--to is empty; {_choices(live)}")
    matching = [release for release in releases if release.id.startswith(wanted)]
    match matching:
        case [one] if one.result == "live":
            return _origin(live, one)
        case [one]:
            raise ReleaseError(f"--to {wanted}: that release is {one.result}; {_choices(live)}")
        case []:
            raise ReleaseError(f"--to {wanted}: there is no such release; {_choices(live)}")
        case _:
            raise ReleaseError(f"--to {wanted}: {len(matching)} releases begin so; give more of the id")


def migrations_since(releases: Sequence[Release], chosen: Release) -> list[str]:
    """What has been applied to the database after the chosen release was made, oldest first."""
    later = [release for release in releases if release.id > chosen.id]
    return [name for release in reversed(later) for name in release.migrations]


def _before(live: list[Release]) -> Release:
    """What was live before what is live now; a rollback counts as the release that it went back to."""
    here = _origin(live, live[0])
    if here.previous is None:
        raise ReleaseError(f"{here.id} is the first release of this stage: there is none before it")
    before = next((release for release in live if release.id == here.previous), None)
    if before is None:
        raise ReleaseError(f"the record of {here.previous} is gone; {_choices(live)}")
    return before


def _origin(live: list[Release], release: Release) -> Release:
    return next((one for one in live if one.id == release.origin), release)


def _choices(live: list[Release]) -> str:
    ids = [release.id for release in live if release.rollback_to is None]
    more = ", ..." if len(ids) > 5 else ""
    return f"`invoke releases` lists them: {', '.join(ids[:5])}{more}"
