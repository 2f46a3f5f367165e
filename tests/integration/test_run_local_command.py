"""`invoke run-local` and `python -m functions.NAME.handler`, as a user types them."""

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from toolchain.packaging.lockfile import render
from toolchain.project import Project

MODULE = (sys.executable, "-m", "functions.obliging.handler")
TASK = (str(Path(sys.executable).with_name("invoke")), "run-local", "obliging")
SECONDS = 20
"""Until a test gives up waiting."""


@pytest.fixture(scope="module")
def sample(checkout: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A checkout of its own: the sample project with this toolchain, and lib/, which runs the migrations."""
    root = tmp_path_factory.mktemp("checkout") / "sample"
    parts = {"toolchain": root / "toolchain", "lib": root / "lib", "tests/projects/run": root}
    for source, target in parts.items():
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(checkout.root / source, target, ignore=ignored, dirs_exist_ok=True)
    return Project(root)


def _run(
    project: Project, command: Sequence[str], *arguments: str, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command, *arguments],
        cwd=project.root,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def _without_measurements(log: str) -> str:
    """Ids, times and sizes differ from run to run."""
    log = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", log)
    log = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "TIME", log)
    return re.sub(r"(?<=: )[\d.]+(?= ms| MB)", "N", log)


@pytest.mark.parametrize("command", [MODULE, TASK], ids=["module", "task"])
def test_result_alone_on_stdout_and_the_log_in_order_on_stderr(
    sample: Project, command: Sequence[str]
) -> None:
    done = _run(sample, command)
    result = json.loads(done.stdout)
    assert re.fullmatch("[0-9a-f-]{36}", result.pop("request_id"))
    assert result == {"greeting": "hello", "event": {"do": "echo"}}
    assert _without_measurements(done.stderr) == (
        "imported as functions.obliging.handler\n"
        "START RequestId: ID Version: $LATEST\n"
        "printed\n"
        "by a process\n"
        "[WARNING]\tTIME\tID\tlogged\n"
        "END RequestId: ID\n"
        "REPORT RequestId: ID\tDuration: N ms\tBilled Duration: N ms\tMemory Size: N MB"
        "\tMax Memory Used: N MB\tInit Duration: N ms\n"
    )
    assert done.returncode == 0


@pytest.mark.parametrize("command", [MODULE, TASK], ids=["module", "task"])
def test_failure_exits_with_1_and_has_no_result(sample: Project, command: Sequence[str]) -> None:
    done = _run(sample, command, "--event", "-", stdin='{"do": "exit", "status": 3}')
    assert done.stderr.splitlines()[-1] == (
        "obliging failed: Runtime.ExitError: Runtime exited with error: exit status 3"
    )
    assert (done.returncode, done.stdout) == (1, "")


@pytest.mark.parametrize("command", [MODULE, TASK], ids=["module", "task"])
def test_environment_is_set_by_repeating_env(sample: Project, command: Sequence[str]) -> None:
    event = {"do": "read_variable", "names": ["A", "B"]}
    done = _run(sample, command, "--env", "A=1", "--env", "B=x=y", "--event", "-", stdin=json.dumps(event))
    assert (done.stdout, done.returncode) == ('{\n  "A": "1",\n  "B": "x=y"\n}\n', 0)


@pytest.mark.parametrize("command", [MODULE, TASK], ids=["module", "task"])
def test_case_of_the_sample_event(sample: Project, command: Sequence[str]) -> None:
    done = _run(sample, command, "--event", "context")
    assert json.loads(done.stdout)["name"] == "obliging"


@pytest.mark.parametrize("command", [MODULE, TASK], ids=["module", "task"])
@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (
            ("--event", "-"),
            '{\n  "do": echo\n}',
            "standard input: is not JSON: line 2, column 9: Expecting value",
        ),
        (("--event", "-"), "[]", "standard input: is an array; an event is an object: {...}"),
        (
            ("--event", "none"),
            None,
            "--event none: neither a file nor a case of obliging; its cases are context",
        ),
        (("--env", "A"), None, "--env 'A': write NAME=VALUE"),
        (
            ("--debug", "--event", "-"),
            "{}",
            "--event -: the debugger needs the standard input; give a file, or leave out --debug",
        ),
    ],
)
def test_wrong_input(
    sample: Project, command: Sequence[str], arguments: Sequence[str], stdin: str | None, message: str
) -> None:
    """Nothing but the message: the function is not started."""
    done = _run(sample, command, *arguments, stdin=stdin)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{message}\n")


def test_debugger_has_the_terminal_and_time(sample: Project, tmp_path: Path) -> None:
    """A breakpoint waits longer than the function's timeout of 2 s; the result still comes last."""
    event = tmp_path / "event.json"
    event.write_text('{"do": "debug", "answer": 41}')
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(sample.root)
        os.execv(sys.executable, [*MODULE, "--debug", "--event", str(event)])  # noqa: S606
    shown = _read_until(terminal, b"(Pdb) ")
    time.sleep(2.1)
    os.write(terminal, b"event['answer'] += 1\n")
    shown += _read_until(terminal, b"(Pdb) ")
    os.write(terminal, b"continue\n")
    shown += _read_until(terminal, b"\n}")
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert b"obliging/handler.py(" in shown
    assert shown.replace(b"\r\n", b"\n").endswith(b'{\n  "answer": 42\n}')
    assert os.waitstatus_to_exitcode(status) == 0


@pytest.mark.parametrize("command", [MODULE, TASK], ids=["module", "task"])
def test_bytes_that_are_no_text(sample: Project, command: Sequence[str]) -> None:
    """They are the result, as on Lambda."""
    done = subprocess.run(
        [*command, "--event", "-"],
        cwd=sample.root,
        input=b'{"do": "return_bytes"}',
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, bytes(range(256))), done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", [MODULE, TASK], ids=["module", "task"])
def test_result_that_nothing_takes(sample: Project, command: Sequence[str]) -> None:
    """A full disk, for one: the last line says so, and no traceback."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*command, "--event", "-"],
            cwd=sample.root,
            input='{"do": "echo"}',
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("can't be written: No space left on device")
    assert "Traceback" not in done.stderr


def _read_until(terminal: int, end: bytes) -> bytes:
    received = b""
    while not received.endswith(end):
        readable, _, _ = select.select([terminal], [], [], SECONDS)
        assert readable, received
        received += os.read(terminal, 1)
    return received


@pytest.mark.usefixtures("hangup_counts")
@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_request_to_end_leaves_no_process(
    sample: Project, tmp_path: Path, number: signal.Signals, status: int
) -> None:
    """Not even one that can't be answered, such as an editor's stop button."""
    if number == signal.SIGKILL and sys.platform != "linux":
        pytest.skip("only Linux tells a process that its parent was killed")
    started = tmp_path / "pid"
    event = {"do": "leave_child", "file": str(started), "seconds": 60}
    (tmp_path / "event.json").write_text(json.dumps(event))
    command = [*MODULE, "--event", str(tmp_path / "event.json")]
    with subprocess.Popen(command, cwd=sample.root, stderr=subprocess.DEVNULL) as run:
        assert _comes_true(lambda: started.exists() and started.read_text() != "")
        run.send_signal(number)
        assert run.wait(SECONDS) == status
    child = int(started.read_text())
    assert _comes_true(lambda: not _runs(child))


def _comes_true(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SECONDS
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return met


def _runs(pid: int) -> bool:
    shown = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return shown.strip() not in ("", "Z")


def test_database_is_started_for_a_function_that_declares_it(sample: Project) -> None:
    task = (TASK[0], "run-local", "with_database")
    done = _run(sample, task)
    assert (done.returncode, json.loads(done.stdout)) == (
        0,
        {"DATABASE_NAME": "app", "DATABASE_USER": "app_reader", "DATABASE_AUTH": "password"},
    )
    assert json.loads(_run(sample, task, "--no-database").stdout) == "none"


def test_packages_are_those_of_requirements_txt(sample: Project, checkout: Project) -> None:
    """Installed by the first run, and found by the second."""
    function = sample.functions / "undeclared"
    (function / "requirements.in").write_text("pymysql\n")
    (function / "requirements.txt").write_bytes(render([b"pymysql\n"], _pin(checkout, "pymysql")))
    task = (TASK[0], "run-local", "undeclared")
    first, second = _run(sample, task), _run(sample, task)
    assert (first.returncode, first.stdout) == (0, "null\n"), first.stderr
    assert first.stderr.splitlines()[0] == "installing functions/undeclared/requirements.txt"
    assert second.stderr.splitlines()[0].startswith("START RequestId: ")


def _pin(checkout: Project, name: str) -> bytes:
    """Of requirements-dev.txt: uv has that version in its cache."""
    text = checkout.requirements.read_text()
    match = re.search(rf"^{name}==.*\n(?: .*\n)+", text, re.MULTILINE)
    assert match
    return match[0].encode()
