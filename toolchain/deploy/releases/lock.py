"""One release of a stage at a time: a lock in the artifact bucket.

Terraform's own lock is over when the apply is. The holder writes its lock again every few seconds, so one
that was killed is found out without anybody's clock: its lock does not change any more. On the same machine
it is found out at once.
"""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass

from toolchain.deploy.releases.services import ABSENT, Bucket, ChangedError, Document
from toolchain.errors import AwsError, ReleaseError

KEY = "release-lock.json"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock: `what` it does (`deploy`), `machine` and `process` where it runs."""

    what: str
    who: str
    since: str
    machine: str
    process: int


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds: between the holder's signs of life, until a lock without one is free, between looks at it."""

    beat: float = 4.0
    lease: float = 20.0
    look: float = 1.0


class ReleaseLock:
    """A lock that is held; `ensure_held` before anything that must not happen twice at once."""

    def __init__(self, bucket: Bucket, holder: Holder, etag: str, timing: Timing) -> None:
        self._bucket, self._holder, self._etag, self._timing = bucket, holder, etag, timing
        self._beats = 0
        self._is_lost = False
        self._writing = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat_on, daemon=True)
        self._thread.start()

    def ensure_held(self) -> None:
        """Raises ReleaseError when somebody else has taken the lock: this process had been stopped."""
        self._beat()
        if self._is_lost:
            raise ReleaseError("another release has begun since this one gave no sign of life for too long")

    def release(self) -> None:
        """Let others have it."""
        self._over.set()
        self._thread.join()
        if not self._is_lost:
            with suppress(AwsError):  # others wait a little, and then take it
                _write(self._bucket, None, 0, self._etag)

    def _beat_on(self) -> None:
        while not self._over.wait(self._timing.beat) and not self._is_lost:
            with suppress(AwsError):  # the next beat may get through
                self._beat()

    def _beat(self) -> None:
        with self._writing:
            self._beats += 1
            try:
                self._etag = _write(self._bucket, self._holder, self._beats, self._etag)
            except ChangedError:
                self._is_lost = True


@contextmanager
def exclusive(
    bucket: Bucket,
    holder: Holder,
    *,
    is_alive: Callable[[Holder], bool],
    timing: Timing | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[ReleaseLock]:
    """Hold the lock. Raises ReleaseError, saying who holds it, when somebody who lives does.

    `is_alive` tells whether a holder on this machine runs; others have to be watched for a while.
    """
    timing = timing or Timing()
    lock = ReleaseLock(bucket, holder, _take(bucket, holder, is_alive, timing, say), timing)
    try:
        yield lock
    finally:
        lock.release()


def _take(
    bucket: Bucket,
    holder: Holder,
    is_alive: Callable[[Holder], bool],
    timing: Timing,
    say: Callable[[str], None],
) -> str:
    """Wait for a lock that seems to be nobody's any more, and write it: its etag."""
    found = bucket.read(KEY)
    held = _holder_of(found)
    if held and held.machine == holder.machine and is_alive(held):
        raise _refusal(held)
    if found and held and held.machine != holder.machine:
        say(f"{_describe(held)}; waiting {timing.lease:.0f} s for a sign of life")
        found = _watch(bucket, found, held, timing)
    try:
        return _write(bucket, holder, 0, found.etag if found else ABSENT)
    except ChangedError as error:
        taken = _holder_of(bucket.read(KEY))
        raise (
            _refusal(taken) if taken else ReleaseError("another release has just ended; try again")
        ) from error


def _watch(bucket: Bucket, found: Document, held: Holder, timing: Timing) -> Document | None:
    """What is there when it has not changed for a lease, or is free; raises ReleaseError when it changes."""
    until = time.monotonic() + timing.lease
    while time.monotonic() < until:
        time.sleep(timing.look)
        now = bucket.read(KEY)
        if now is None or _holder_of(now) is None:
            return now
        if now.etag != found.etag:
            raise _refusal(_holder_of(now) or held)
    return found


def _holder_of(document: Document | None) -> Holder | None:
    content = json.loads(document.body)["holder"] if document else None
    return Holder(**content) if content else None


def _write(bucket: Bucket, holder: Holder | None, beat: int, only_if: str) -> str:
    content = {"holder": asdict(holder) if holder else None, "beat": beat}
    body = json.dumps(content, indent=2).encode()
    return bucket.write(KEY, body, sha256=hashlib.sha256(body).hexdigest(), only_if=only_if)


def _describe(held: Holder) -> str:
    return f"a {held.what} of {held.who} is releasing since {held.since}"


def _refusal(held: Holder) -> ReleaseError:
    return ReleaseError(f"{_describe(held)} (process {held.process}); wait until it is over")
