"""Whether source has changed, by the state of its files when asked.

A file's ctime is compared, which nothing but the clock can set: an edit shows though it keeps size and
mtime. The clock for that moves in ticks of up to 10 ms; so what is read less than two ticks after a change
may still change unseen, and has to be read later (`settles_in`).
"""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from toolchain.local.workers.notices import Notices

_CLOCK_REALTIME_COARSE = 5  # of Linux; files get their times from it
_TICK_SECONDS = time.clock_getres(_CLOCK_REALTIME_COARSE) if sys.platform == "linux" else 0.01
SETTLE_SECONDS = 2 * _TICK_SECONDS

type CallSoon = Callable[[Callable[[], None]], object]


class Tree:
    """A directory with all below it, or a file. `version` grows with every change that `check` finds."""

    def __init__(self, root: Path, notices: Notices | None) -> None:
        self._root = root
        self._notices = notices
        self.version = 0
        self._list()

    @property
    def newest_ns(self) -> int:
        return max(self._ctimes, default=0)

    def check(self) -> None:
        """Directories change, too, when tools write there what is no source; the files then are the same."""
        if ctimes(self._paths) == self._ctimes:
            return
        before = self._files
        self._list()
        if self._files != before:
            self.version += 1

    def _list(self) -> None:
        """Each directory is watched and looked at before what is in it: what comes meanwhile is a change."""
        self._paths: list[str] = []
        self._ctimes: list[int] = []
        self._files: dict[str, int] = {}
        self.is_noticed = self._notices is not None and self._root.is_dir()
        for path, is_file in _entries(self._root):
            if self._notices and not (is_file or self._notices.watch(path)):
                self.is_noticed = False
            self._paths.append(path)
            self._ctimes.append(_ctime(path))
            if is_file:
                self._files[path] = self._ctimes[-1]


class Watch:
    """Trees that pools share. Requests that were received together share a check."""

    def __init__(self, call_soon: CallSoon, notices: Notices | None = None) -> None:
        self._call_soon = call_soon
        self._notices = notices
        self._trees: dict[Path, Tree] = {}
        self._checked: set[Tree] = set()
        self._quiet: set[Tree] = set()
        self._noise = 0
        self._has_listened = False

    def noise(self) -> int:
        """Grows when there may be a change somewhere: until it does, what was `silent_since` is as it was.

        Before every request, this is all there is to do.
        """
        if not self._has_listened:
            self._has_listened = True
            self._call_soon(self._end_round)
            if self._notices and self._notices.heard():
                self._quiet.clear()
                self._noise += 1
        return self._noise

    def silent_since(self, roots: Iterable[Path]) -> int:
        """The noise at which the roots were looked at; -1 if the system does not tell of their changes."""
        is_quiet = all(self._trees.get(root) in self._quiet for root in roots)
        return self._noise if is_quiet else -1

    def versions(self, roots: Iterable[Path]) -> tuple[int, ...]:
        """What has changed since is told by a different result.

        The event loop has received all requests of one round before it handles the first.
        """
        self.noise()
        return tuple(self._version(root) for root in roots)

    def versions_now(self, roots: Iterable[Path]) -> tuple[int, ...]:
        """For whoever reads the source next: shared with nobody."""
        self.doubt()
        versions = self.versions(roots)
        self._end_round()
        return versions

    def doubt(self) -> None:
        """Look at all files next time, even if nothing was noticed."""
        self._end_round()
        self._quiet.clear()
        self._noise += 1

    def settles_in(self, roots: Iterable[Path], now: float) -> float:
        """In how many seconds a read will find all that `versions` has seen; `now` is since the epoch."""
        newest = max((self._trees[root].newest_ns for root in roots), default=0)
        return min(newest / 1e9 + SETTLE_SECONDS - now, SETTLE_SECONDS)

    def close(self) -> None:
        if self._notices:
            self._notices.close()

    def _end_round(self) -> None:
        self._has_listened = False
        self._checked.clear()

    def _version(self, root: Path) -> int:
        tree = self._trees.get(root)
        if tree is None:
            tree = self._trees[root] = Tree(root, self._notices)
        elif tree not in self._checked and tree not in self._quiet:
            tree.check()
            if tree.is_noticed:
                self._quiet.add(tree)
        self._checked.add(tree)
        return tree.version


def _entries(root: Path) -> Iterator[tuple[str, bool]]:
    """Paths and whether each is no directory; not bytecode, nor hidden and backup files of editors."""
    yield str(root), not root.is_dir()
    with contextlib.suppress(OSError), os.scandir(root) as entries:
        for entry in entries:
            if not _is_source(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _entries(Path(entry))
            else:
                yield entry.path, True


def _is_source(name: str) -> bool:
    return name != "__pycache__" and name[0] not in ".#" and not name.endswith(("~", ".pyc"))


def ctimes(paths: Iterable[str]) -> list[int]:
    """Nanoseconds since the epoch; 0 for what is not there. Runs before every request, so paths are text."""
    try:
        return [status.st_ctime_ns for status in map(os.stat, paths)]
    except OSError:
        return [_ctime(path) for path in paths]


def _ctime(path: str) -> int:
    try:
        return os.stat(path).st_ctime_ns  # noqa: PTH116 - see ctimes
    except OSError:
        return 0
