"""What the benchmarks conclude from numbers, and that they refuse to measure what is no package."""

import signal
import sys
import threading
import time
import zipfile
import zlib
from io import StringIO
from pathlib import Path

import pytest

from benchmarks import comparison, packages
from benchmarks.errors import BenchmarkError
from benchmarks.processes import Command, Run, Spawner
from benchmarks.questions.sizes import measure
from benchmarks.report import Report, lines
from benchmarks.rounds import Contestant, Samples, interleave
from benchmarks.workload import Workload


def test_columns_align_the_first_to_the_left_and_numbers_to_the_right() -> None:
    assert lines(("", "n", "median"), [("invoke build", "7", "0.25"), ("sam", "12", "13.5")]) == [
        "               n  median",
        "invoke build   7    0.25",
        "sam           12    13.5",
    ]


def test_a_target_is_met_at_its_limit() -> None:
    report = Report(StringIO())
    report.at_most("cold, 10", 0.5, 0.5, " s")
    report.at_most("cold, 50", 1.01, 1.0, " s")
    report.at_least("floor takes", 10, 10, "x")
    report.at_least("sam takes", 9.99, 10, "x")
    assert [(one.wanted, one.measured, one.met) for one in report.targets] == [
        ("<= 0.5 s", "0.5 s", True),
        ("<= 1 s", "1.01 s", False),
        (">= 10x", "10x", True),
        (">= 10x", "9.99x", False),
    ]


def test_the_median_is_not_moved_by_one_slow_run() -> None:
    assert Samples("x", tuple(Run(seconds, seconds, 0) for seconds in (0.2, 9.0, 0.3))).median == 0.3


def test_sizes_are_those_of_the_same_entries_without_bytecode_and_with_zlib(tmp_path: Path) -> None:
    """A package whose entries zlib compressed at level 6 is as large as zlib's, less its bytecode."""
    package, source = tmp_path / "x.zip", b"value = 1\n" * 100
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("x.py", source)
    before = package.stat().st_size
    with zipfile.ZipFile(package, "a") as archive:
        archive.writestr("__pycache__/x.cpython-313.pyc", zlib.compress(source))
    sizes = measure(package)
    assert (sizes.package, sizes.without_bytecode, sizes.zlib) == (package.stat().st_size, before, before)


@pytest.fixture
def workload(tmp_path: Path) -> Workload:
    workload = Workload(tmp_path / "project", 3, "x86_64")
    workload.write()
    return workload


def test_a_package_that_is_missing_is_no_result(workload: Workload) -> None:
    with pytest.raises(BenchmarkError) as refused:
        packages.check_current("sam", workload, {"function_00": workload.root})
    expected = "sam made packages of ['function_00'], not of ['function_00', 'function_01', 'function_02']"
    assert str(refused.value) == expected


def test_a_package_from_before_the_change_is_no_result(workload: Workload) -> None:
    """The project itself stands for packages that are directories; zips were made before lib/ changed."""
    made = dict.fromkeys(workload.names, workload.root)
    packages.check_current("sam", workload, made)
    stale = workload.root.with_suffix(".zip")
    with zipfile.ZipFile(stale, "w") as archive:
        for path in sorted(workload.root.rglob("*.py")):
            archive.write(path, path.relative_to(workload.root))
    workload.edit_library("1")
    with pytest.raises(BenchmarkError) as refused:
        packages.check_current("sam", workload, dict.fromkeys(workload.names, stale))
    assert str(refused.value) == f"sam: lib/module_00.py in {stale} is not what the project has"


def test_a_command_that_fails_is_no_result(tmp_path: Path) -> None:
    fails = Command((sys.executable, "-c", "raise SystemExit('no wheel')"), str(tmp_path), {})
    with Spawner(tmp_path / "output") as spawner, pytest.raises(BenchmarkError) as refused:
        spawner.run([fails])
    assert str(refused.value) == f"{' '.join(fails.arguments)}: exit code 1\nno wheel\n"


def test_contestants_take_turns_and_get_a_revision_of_the_round(tmp_path: Path) -> None:
    turns: list[tuple[str, str]] = []
    command = Command((sys.executable, "-ISc", ""), str(tmp_path), {})

    def contestant(name: str) -> Contestant:
        return Contestant(name, lambda: [command], before=lambda revision: turns.append((name, revision)))

    with Spawner(tmp_path / "output") as spawner:
        interleave(spawner, [contestant("a"), contestant("b")], rounds=2)
    names, revisions = zip(*turns, strict=True)
    assert names == ("a", "b", "a", "b")
    assert revisions[0] == revisions[1] != revisions[2] == revisions[3]


def test_an_unknown_peer_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        comparison.parse(["--peers", "sam,make"])
    known = "uv-parallel, sam, sam-zip, terraform-aws-lambda, serverless"
    assert capsys.readouterr().err.endswith(f"--peers: there is no make; there are {known}\n")


def test_an_interrupt_ends_what_is_measured(tmp_path: Path) -> None:
    """The command would run for ten minutes; leaving the spawner waits for all its processes."""
    started = tmp_path / "started"
    code = f"import pathlib, time; pathlib.Path({str(started)!r}).touch(); time.sleep(600)"
    sleeps = Command((sys.executable, "-ISc", code), str(tmp_path), {})

    def interrupt() -> None:
        while not started.exists():
            time.sleep(0.01)
        signal.pthread_kill(main, signal.SIGINT)

    main, thread = threading.get_ident(), threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt), Spawner(tmp_path / "output") as spawner:
        spawner.run([sleeps])
    thread.join()
