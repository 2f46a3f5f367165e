"""When the state is saved: soon after it has changed, and at the end; and when it is read: at the start."""

import logging
import threading
import time
from dataclasses import dataclass

from toolchain.atomic_files import remove_partials
from toolchain.local.aws.messages import Handler, HttpRequest, HttpResponse
from toolchain.local.aws.refusals import action_of
from toolchain.local.aws.saved.backends import dump_backends, load_backends
from toolchain.local.aws.saved.blobs import BlobFiles
from toolchain.local.aws.saved.file import StateFile, UnreadableError
from toolchain.local.aws.saved.gate import Gate

_logger = logging.getLogger(__name__)

# What a kill may lose; and saving takes at most this share of the time.
_PAUSE_SECONDS = 1.0
_SHARE = 20
# How often it is tried when something that is no request, such as a trigger, changes the state meanwhile.
_ATTEMPTS = 5
_READING = ("BatchDescribe", "BatchGet", "Describe", "Get", "Head", "List", "Select", "Query", "Scan")
# They may wait for messages for 20 s. What they change, a queue forgets anyhow.
_WAITING = frozenset({"ReceiveMessage"})


@dataclass(frozen=True, slots=True)
class Restored:
    """What was there at the start: a state that was read, one that can't be, for which there is a notice for
    people, or none.
    """

    is_read: bool = False
    notice: str | None = None


def restore(file: StateFile) -> Restored:
    """Put the saved state into moto, before anything is made there."""
    remove_partials(file.path.parent)  # of an `up` that was killed: its successor is the only one that saves
    try:
        saved = file.read()
        if saved is None:
            return Restored()
        load_backends(saved, _blobs(file))
    except UnreadableError as error:
        return _start_empty(file, str(error))
    except Exception as error:  # a pickle raises anything; without a state, everything still works
        _logger.exception("the saved state of the AWS endpoint can't be read")
        return _start_empty(file, f"it can't be read: {error!r}")
    return Restored(is_read=True)


def _start_empty(file: StateFile, reason: str) -> Restored:
    aside = file.set_aside()
    return Restored(
        notice=f"the local AWS state starts empty, without what was deployed here: {reason}; it is kept in"
        f" {aside.name} beside. Run `invoke deploy --stage local` again"
    )


def only_reads(request: HttpRequest, action: str) -> bool:
    """Whether a request can change nothing. An action that has a name may come with any method."""
    if " " in action:
        return request.method in ("GET", "HEAD", "OPTIONS")
    return action.startswith(_READING)


class Keeper:
    """A Handler: passes requests on, and saves what they have changed, in a thread of its own."""

    def __init__(self, file: StateFile, following: Handler) -> None:
        self._file = file
        self._following = following
        self._gate = Gate()
        self._changed, self._ended = threading.Event(), threading.Event()
        self._last_seconds = 0.0
        self._thread = threading.Thread(target=self._run, name="aws-state", daemon=True)
        self._thread.start()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        action = action_of(request)
        if action in _WAITING:
            return self._following(request)
        with self._gate.passing():
            response = self._following(request)
        if not only_reads(request, action):
            self._changed.set()
        return response

    def close(self) -> None:
        """Save what has changed since, and end."""
        self._ended.set()
        self._changed.set()
        self._thread.join()
        self._save()

    def _run(self) -> None:
        while self._changed.wait() and not self._ended.wait(self._pause()):
            self._changed.clear()
            self._save()

    def _pause(self) -> float:
        return max(_PAUSE_SECONDS, _SHARE * self._last_seconds)

    def _save(self) -> None:
        started = time.monotonic()
        blobs = _blobs(self._file)
        try:
            with self._gate.closed():
                content = _dump(blobs)
            self._file.write(content)
            blobs.remove_others()
        except (OSError, RuntimeError) as error:
            _logger.warning("the AWS state is not saved now: %s", error)
        self._last_seconds = time.monotonic() - started


def _dump(blobs: BlobFiles) -> bytes:
    for _ in range(_ATTEMPTS - 1):
        try:
            return dump_backends(blobs)
        except RuntimeError:  # something changed size while it was looked at
            continue
    return dump_backends(blobs)


def _blobs(file: StateFile) -> BlobFiles:
    return BlobFiles(file.path.with_name("blobs"))
