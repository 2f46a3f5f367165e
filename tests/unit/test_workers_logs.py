"""Where what functions print ends up."""

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

from toolchain.local.workers.logs import LogEntry, LogStore
from toolchain.local.workers.logs.file import LogFile, as_text
from toolchain.local.workers.output import Output

_STREAM = "2026/02/03/[$LATEST]abc"
_TIME_MS = 1_770_091_506_789


def _entry(text: bytes) -> LogEntry:
    return LogEntry("users", _STREAM, "1", _TIME_MS, text)


def _run(scenario: Callable[[LogStore], Coroutine[None, None, None]], directory: Path) -> None:
    async def run() -> None:
        store = LogStore(directory, asyncio.get_running_loop(), clock=lambda: _TIME_MS / 1000)
        await scenario(store)
        store.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b"one\n", b"2026-02-03T04:05:06.789Z one\n"),
        (
            b"one\n\ntwo\n",
            b"2026-02-03T04:05:06.789Z one\n2026-02-03T04:05:06.789Z \n2026-02-03T04:05:06.789Z two\n",
        ),
        (b"[ERROR] E\rTraceback\r File\n", b"2026-02-03T04:05:06.789Z [ERROR] E\n    Traceback\n     File\n"),
    ],
)
def test_lines_of_the_file(text: bytes, shown: bytes) -> None:
    assert as_text(_entry(text)) == shown


def test_events_of_an_entry() -> None:
    """A traceback is one event."""
    assert list(_entry(b"one\n[ERROR]\rTraceback\n\xff\n").lines()) == ["one", "[ERROR]\rTraceback", "\ufffd"]


def test_file_that_grows_too_large(tmp_path: Path) -> None:
    """There are at most two files, whatever is written."""
    file = LogFile(tmp_path / "users.log", limit_bytes=100)
    for number in range(20):
        file.add(_entry(f"{number:020}\n".encode()))
        file.flush()
    file.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["users.log", "users.log.1"]
    assert (tmp_path / "users.log").read_text().endswith("19\n")
    assert all(path.stat().st_size < 200 for path in tmp_path.iterdir())


def test_file_that_is_removed_is_made_anew(tmp_path: Path) -> None:
    file = LogFile(tmp_path / "logs" / "users.log")
    for text in (b"one\n", b"two\n"):
        file.add(_entry(text))
        file.flush()
        if text == b"one\n":
            shutil.rmtree(tmp_path / "logs")
    file.close()
    assert (tmp_path / "logs" / "users.log").read_text().endswith(" two\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_disk_takes_lines_and_nothing_else(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is said once, and what can't be written is not kept: memory does not fill up, too."""
    path = tmp_path / "users.log"
    path.symlink_to("/dev/full")
    file = LogFile(path)
    for _ in range(2):
        file.add(_entry(b"one\n"))
        file.flush()
    file.close()
    assert [record.getMessage() for record in caplog.records] == [
        f"{path} can't be written: No space left on device; lines are lost"
    ]


def test_store(tmp_path: Path) -> None:
    """Files are written soon, not at once; those who follow hear of everything until they leave."""

    async def scenario(store: LogStore) -> None:
        heard: list[LogEntry] = []
        leave = store.follow(heard.append)
        store.write("users", _STREAM, "1", b"one\n")
        leave()
        store.write("users", _STREAM, "2", b"two\n")
        assert heard == [LogEntry("users", _STREAM, "1", _TIME_MS, b"one\n")]
        while not (tmp_path / "users.log").exists():  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.01)
        assert len((tmp_path / "users.log").read_text().splitlines()) == 2

    _run(scenario, tmp_path)


def test_output_of_an_instance(tmp_path: Path) -> None:
    """Lines are kept whole, and are of the request that was running; the import's are of the first."""

    async def scenario(store: LogStore) -> None:
        heard: list[LogEntry] = []
        store.follow(heard.append)
        output = Output(store, "users", _STREAM)
        output.add(b"impor")
        output.add(b"ting\nunfinished")
        output.begin("1", "START 1")
        output.add(b"one")
        output.say("END 1\n")
        assert output.tail() == b"importing\nunfinished\nSTART 1\none\nEND 1\n"
        output.begin("2", "START 2")
        assert output.tail() == b"START 2\n"
        assert [(entry.request_id, entry.text) for entry in heard] == [
            (None, b"importing\n"),
            (None, b"unfinished\n"),
            ("1", b"START 1\none\n"),
            ("1", b"END 1\n"),
            ("2", b"START 2\n"),
        ]

    _run(scenario, tmp_path)


def test_the_start_of_a_request_that_says_nothing_is_written_soon(tmp_path: Path) -> None:
    """Once, and so is that of one which is over by then."""

    async def scenario(store: LogStore) -> None:
        heard: list[bytes] = []
        store.follow(lambda entry: heard.append(entry.text))
        slow, quick = (Output(store, "users", _STREAM) for _ in range(2))
        slow.begin("1", "START 1")
        quick.begin("2", "START 2")
        quick.say("END 2\n")
        assert heard == [b"START 2\nEND 2\n"]
        await asyncio.sleep(0.05)
        slow.say("END 1\n")
        assert heard == [b"START 2\nEND 2\n", b"START 1\n", b"END 1\n"]

    _run(scenario, tmp_path)


def test_tail_is_the_last_4_kb(tmp_path: Path) -> None:
    async def scenario(store: LogStore) -> None:
        output = Output(store, "users", _STREAM)
        output.begin("1", "START 1")
        output.add(b"a" * 5000 + b"\n" + b"b" * 4000 + b"\n")
        assert output.tail() == b"a" * 94 + b"\n" + b"b" * 4000 + b"\n"

    _run(scenario, tmp_path)


def test_line_without_end(tmp_path: Path) -> None:
    async def scenario(store: LogStore) -> None:
        heard: list[LogEntry] = []
        store.follow(heard.append)
        output = Output(store, "users", _STREAM)
        for _ in range(10):
            output.add(b"x" * 65536)
        assert all(len(entry.text) < 400_000 for entry in heard)
        assert heard

    _run(scenario, tmp_path)
