"""What counts as a change of source."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from toolchain.local.workers.freshness import SETTLE_SECONDS, Watch
from toolchain.local.workers.notices import Notices, file_system


class Rounds:
    """An event loop whose rounds are ended by hand."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[[], None]] = []

    def call_soon(self, callback: Callable[[], None]) -> None:
        self._callbacks.append(callback)

    def end(self) -> None:
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()


@pytest.fixture
def rounds() -> Rounds:
    return Rounds()


@pytest.fixture(params=["stat", "inotify"])
def watch(rounds: Rounds, request: pytest.FixtureRequest) -> Iterator[Watch]:
    """One that looks at every file, and one that the kernel helps, where it does."""
    watch = Watch(rounds.call_soon, Notices.open() if request.param == "inotify" else None)
    yield watch
    watch.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with a module, a package and data, changed long ago as far as the kernel can tell."""
    for name in ("handler.py", "parts/one.py", "data.json"):
        path = tmp_path / "function" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one")
    _let_the_clock_tick()
    return tmp_path / "function"


def _let_the_clock_tick() -> None:
    time.sleep(SETTLE_SECONDS)


def _edit_without_a_trace(path: Path) -> None:
    """As large as before, and as old."""
    before = path.stat()
    path.write_text("two")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _replace(path: Path) -> None:
    """As editors do that save to a new file."""
    other = path.with_name(f".{path.name}.swp")
    other.write_text("two")
    other.replace(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda source: _edit_without_a_trace(source / "handler.py"),
        lambda source: _replace(source / "parts" / "one.py"),
        lambda source: (source / "data.json").unlink(),
        lambda source: (source / "parts" / "two.py").touch(),
        lambda source: (source / "parts").rename(source / "pieces"),
        lambda source: [path.unlink() for path in source.rglob("*.*")],
    ],
    ids=["edit", "replace", "remove", "add", "rename", "remove all"],
)
def test_changes(watch: Watch, rounds: Rounds, source: Path, change: Callable[[Path], object]) -> None:
    before = watch.versions([source])
    rounds.end()
    assert watch.versions([source]) == before
    rounds.end()
    change(source)
    assert watch.versions([source]) != before


@pytest.mark.parametrize(
    "name", ["__pycache__/handler.cpython-313.pyc", ".handler.py.swp", "handler.py~", "#handler.py#"]
)
def test_what_tools_leave_is_no_source(watch: Watch, rounds: Rounds, source: Path, name: str) -> None:
    before = watch.versions([source])
    for content in ("one", "two"):
        rounds.end()
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).write_text(content)
        assert watch.versions([source]) == before


def test_trees_are_told_apart(watch: Watch, rounds: Rounds, source: Path) -> None:
    roots = [source / "handler.py", source / "parts", source / "missing"]
    before = watch.versions(roots)
    rounds.end()
    (source / "parts" / "one.py").write_text("two")
    after = watch.versions(roots)
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, True]


def test_requests_of_one_round_share_a_check(watch: Watch, rounds: Rounds, source: Path) -> None:
    """All of them were sent before the edit."""
    before = watch.versions([source])
    (source / "handler.py").write_text("two")
    assert watch.versions([source]) == before
    rounds.end()
    assert watch.versions([source]) != before


def test_recent_edits_settle(watch: Watch, source: Path) -> None:
    """A second edit in the same tick of the clock would look like the first."""
    (source / "handler.py").write_text("two")
    watch.versions([source])
    edited = (source / "handler.py").stat().st_ctime
    assert watch.settles_in([source], edited) == pytest.approx(SETTLE_SECONDS, abs=0.0001)
    assert watch.settles_in([source], edited + 5) < 0
    assert watch.settles_in([source], edited - 5) == SETTLE_SECONDS, "the clocks differ"


def test_change_in_a_new_folder(watch: Watch, rounds: Rounds, source: Path) -> None:
    (source / "new").mkdir()
    (source / "new" / "one.py").write_text("one")
    before = watch.versions([source])
    _let_the_clock_tick()
    rounds.end()
    assert watch.versions([source]) == before
    rounds.end()
    (source / "new" / "one.py").write_text("two")
    assert watch.versions([source]) != before


def test_doubt_looks_at_all_files(watch: Watch, source: Path) -> None:
    before = watch.versions([source])
    (source / "handler.py").write_text("two")
    watch.doubt()
    assert watch.versions([source]) != before


_MOUNTS = """\
overlay / overlay rw 0 0
tmpfs /run tmpfs rw 0 0
shared /home/ada\\040l virtiofs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "overlay"),
        ("/run", "tmpfs"),
        ("/run/one/two", "tmpfs"),
        ("/running", "overlay"),
        ("/home/ada l/checkout", "virtiofs"),
    ],
)
def test_file_system(path: str, kind: str) -> None:
    """Only those of this machine have their changes told by its kernel."""
    assert file_system(path, _MOUNTS) == kind


def test_silence_says_that_nothing_has_changed(rounds: Rounds, source: Path) -> None:
    """Also when a change was seen by somebody else: the noise grows for all who have not looked since."""
    notices = Notices.open()
    if notices is None:
        pytest.skip("the system does not tell of changes")
    watch = Watch(rounds.call_soon, notices)
    for _ in range(2):  # the first look only begins to listen
        watch.versions([source])
        rounds.end()
    silent = watch.silent_since([source])
    assert watch.noise() == silent
    rounds.end()
    _edit_without_a_trace(source / "handler.py")
    assert watch.noise() > silent
    watch.versions([source])
    assert watch.silent_since([source]) == watch.noise() > silent
    watch.close()


def test_without_notices_there_is_no_silence(rounds: Rounds, source: Path) -> None:
    watch = Watch(rounds.call_soon)
    for _ in range(2):
        watch.versions([source])
        rounds.end()
        assert watch.silent_since([source]) == -1
