"""A function of the sample project in a real process: what it finds, returns, and fails with."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from toolchain.errors import FunctionError, ToolchainError
from toolchain.local.runner import Options, run_local
from toolchain.project import Project


class Runner:
    """Runs functions of the sample project, each on the event that it is given."""

    def __init__(self, project: Project, directory: Path) -> None:
        self.project = project
        self._event = directory / "event.json"
        self.log: list[str] = []

    def __call__(self, name: str, event: object = None, **overrides: str) -> object:
        self._event.write_text(json.dumps(event or {}))
        options = Options(str(self._event), overrides)
        return json.loads(run_local(self.project, name, options, os.environ, self.log.append))

    def failure(self, name: str, event: object = None) -> str:
        with pytest.raises(FunctionError) as error:
            self(name, event)
        return str(error.value)


@pytest.fixture
def run(checkout: Project, tmp_path: Path) -> Runner:
    return Runner(Project(checkout.root / "tests" / "projects" / "run"), tmp_path)


def _ends(pid: int) -> bool:
    """Whether the process is soon gone, or a zombie of whoever adopted it."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        command = ["ps", "-o", "stat=", "-p", str(pid)]
        state = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
        if state in ("", "Z"):
            return True
    return False


def test_result_and_logs(run: Runner, capfd: pytest.CaptureFixture[str]) -> None:
    """The function has its own name, not __main__; its output, and its processes', goes to stderr."""
    result = run("obliging", {"do": "echo", "who": "Zoë"})
    assert isinstance(result, dict)
    request_id = result.pop("request_id")
    assert result == {"greeting": "hello", "event": {"do": "echo", "who": "Zoë"}}
    out, err = capfd.readouterr()
    assert out == ""
    imported, printed, by_a_process, logged = err.splitlines()
    assert imported == "imported as functions.obliging.handler"
    assert (printed, by_a_process) == ("printed", "by a process")
    assert logged.startswith("[WARNING]\t")
    assert logged.endswith(f"Z\t{request_id}\tlogged")
    assert run.log[0] == f"START RequestId: {request_id} Version: $LATEST"


def test_context(run: Runner) -> None:
    assert run("obliging", {"do": "describe_context"}) == {
        "arn": "arn:aws:lambda:eu-west-1:123456789012:function:obliging",
        "name": "obliging",
        "memory": "128",
        "remaining": True,
        "same stream": True,
    }


def test_surroundings(run: Runner) -> None:
    """The working directory and the task root are the checkout, as /var/task is both."""
    root = str(run.project.root)
    assert run("obliging", {"do": "look_around"}) == {"directory": root, "root": root, "stdin": ""}


def test_shell_is_not_passed_on_but_overrides_are(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE", "of the shell")
    names = ["TABLE", "PAGE_SIZE", "AWS_ACCESS_KEY_ID"]
    assert run("obliging", {"do": "read_variable", "names": names}, PAGE_SIZE="2") == {
        "TABLE": None,
        "PAGE_SIZE": "2",
        "AWS_ACCESS_KEY_ID": "local",
    }


@pytest.mark.parametrize(
    "module", ["boto3", "botocore", "dateutil", "awslambdaric", "functions.obliging", "lib.accounts"]
)
def test_importable(run: Runner, module: str) -> None:
    """What the runtime brings, and what the zip has."""
    assert run("obliging", {"do": "import_module", "name": module}) == module.partition(".")[0]


@pytest.mark.parametrize(
    ("module", "advice"),
    [
        ("pydantic", "add pydantic to functions/obliging/requirements.in and run `invoke lock`"),
        ("functions.other", "functions.other is not in the zip of obliging; move what it needs to lib/"),
        ("tasks", "tasks is not in the zip of obliging; move what it needs to lib/"),
    ],
)
def test_not_importable(run: Runner, module: str, advice: str) -> None:
    """What .venv or the checkout has, and Lambda would not."""
    failure = run.failure("obliging", {"do": "import_module", "name": module})
    assert failure == f"obliging failed: ModuleNotFoundError: No module named '{module}'\n{advice}"


def test_toolchain_that_runs_the_function_is_not_importable(run: Runner) -> None:
    failure = run.failure("obliging", {"do": "import_module", "name": "toolchain"})
    assert failure.splitlines()[0] == "obliging failed: ModuleNotFoundError: No module named 'toolchain'"


def test_edit_of_the_same_size_takes_effect_at_once(tmp_path: Path) -> None:
    """Bytecode is told to be stale by size and second; so the function's is neither written nor read."""
    source = tmp_path / "functions" / "quick" / "handler.py"
    source.parent.mkdir(parents=True)
    (source.parent / "function.yaml").write_text("description: Is edited quickly")
    run = Runner(Project(tmp_path), tmp_path)
    results = []
    for number in (1, 2):
        source.write_text(f"def handler(event, context): return {number}")
        os.utime(source, (1_700_000_000,) * 2)
        results.append(run("quick"))
    assert results == [1, 2]
    assert list(tmp_path.rglob("__pycache__")) == []


@pytest.mark.parametrize(
    ("name", "event", "message"),
    [
        ("obliging", {"do": "fail"}, "LookupError: no account of ada"),
        (
            "undeclared",
            None,
            """Runtime.ImportModuleError: Unable to import module 'functions.undeclared.handler': \
No module named 'pymysql'
add PyMySQL to functions/undeclared/requirements.in and run `invoke lock`""",
        ),
        ("failing_import", None, "KeyError: 'orders'"),
        (
            "syntax_error",
            None,
            """Runtime.UserCodeSyntaxError: Syntax error in module 'functions.syntax_error.handler': \
'{' was never closed (handler.py, line 2)""",
        ),
    ],
)
def test_failure_shows_the_users_part_of_the_traceback(
    run: Runner, name: str, event: object, message: str
) -> None:
    """All of that, lib/ and what led to the error included, and no line of the runner's or of importlib."""
    assert run.failure(name, event) == f"{name} failed: {message}"
    expected = (run.project.functions / name / "traceback.txt").read_text()
    assert run.log[1] == expected.replace("$ROOT", str(run.project.root)).rstrip("\n")


def test_handler_is_missing(run: Runner) -> None:
    assert run.failure("no_handler") == (
        "no_handler failed: Runtime.HandlerNotFound: "
        "Handler 'handler' missing on module 'functions.no_handler.handler'"
    )


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ({"do": "exit", "status": 3}, "Runtime.ExitError: Runtime exited with error: exit status 3"),
        ({"do": "exit", "status": 0}, "Runtime.ExitError: Runtime exited without providing a reason"),
        (
            {"do": "die", "signal": signal.SIGSEGV},
            "Runtime.ExitError: Runtime exited with error: signal: segmentation fault",
        ),
        (
            {"do": "return_set"},
            "Runtime.MarshalError: Unable to marshal response: Object of type set is not JSON serializable",
        ),
        (
            {"do": "return_much", "bytes": 6_291_556},
            """Function.ResponseSizeTooLarge: \
Response payload size exceeded maximum allowed payload size (6291556 bytes).""",
        ),
        ({"do": "debug"}, "BdbQuit\nbreakpoint() needs a terminal; run it with --debug"),
    ],
)
def test_no_result(run: Runner, event: dict[str, object], message: str) -> None:
    assert run.failure("obliging", event) == f"obliging failed: {message}"


def test_large_result(run: Runner) -> None:
    assert run("obliging", {"do": "return_much", "bytes": 6_000_000}) == "x" * 6_000_000


def test_result_is_encoded_as_on_lambda(run: Runner) -> None:
    assert run("obliging", {"do": "return_unusual"}) == {
        "tuple": {"x": 1, "y": 2},
        "bytes": "text",
        "text": "Zoë",
    }


@pytest.mark.parametrize("seconds", [0, 60])
def test_processes_of_the_function_end_with_it(run: Runner, tmp_path: Path, seconds: int) -> None:
    """When it returns, as Lambda freezes all there is, and when it takes too long."""
    event = {"do": "leave_child", "file": str(tmp_path / "pid"), "seconds": seconds}
    if seconds:
        assert run.failure("obliging", event) == (
            "obliging failed: Sandbox.Timedout: Task timed out after 2.00 seconds"
        )
    else:
        assert run("obliging", event) == "done"
    assert _ends(int((tmp_path / "pid").read_text()))


def test_process_that_ends_is_noticed_though_one_it_forked_lives(run: Runner, tmp_path: Path) -> None:
    event = {"do": "fork", "file": str(tmp_path / "pid")}
    assert run.failure("obliging", event) == (
        "obliging failed: Runtime.ExitError: Runtime exited with error: exit status 4"
    )
    assert _ends(int((tmp_path / "pid").read_text()))


def test_function_that_does_not_exist(run: Runner) -> None:
    with pytest.raises(ToolchainError) as error:
        run("obligin")
    assert str(error.value) == "functions/obligin: there is no such function; did you mean 'obliging'?"


def test_declaration_of_another_function_is_no_concern(run: Runner) -> None:
    """functions/other/function.yaml is broken, which `run-local other` tells."""
    assert run("obliging", {"do": "echo"})
    with pytest.raises(ToolchainError) as error:
        run("other")
    assert str(error.value) == (
        "functions/other/function.yaml: unknown key 'memroy_mb'; did you mean 'memory_mb'?"
    )
