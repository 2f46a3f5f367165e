"""Signals during a deploy, with a program in Terraform's place that writes down what it gets."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from toolchain.deploy import interrupts
from toolchain.deploy.interrupts import Interrupts

_LAUNCHER = Path(interrupts.__file__).with_name("launch_script.py")
_PROGRAM = """\
import pathlib, signal, sys, time
noted = pathlib.Path(sys.argv[1])
def note(number, _):
    with noted.open("a") as file:
        file.write(f"{signal.Signals(number).name}\\n")
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, note)
noted.write_text("started\\n")
until = time.monotonic() + float(sys.argv[2])
while time.monotonic() < until and noted.read_text().count("SIG") == 0:
    time.sleep(0.01)
time.sleep(0.5)
with noted.open("a") as file:
    file.write("ended\\n")
"""


pytestmark = pytest.mark.usefixtures("hangup_counts")


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def run(handling: Interrupts, noted: Path, number: signal.Signals, *, times: int, makes_things: bool) -> None:
    """Start the program, which runs for a second at least, and get the signal so often meanwhile."""
    command = [sys.executable, "-c", _PROGRAM, str(noted), "30" if times > makes_things else "1"]
    with (
        handling.handled(),
        handling.process(
            lambda: subprocess.Popen(command, start_new_session=True), makes_things=makes_things
        ),
    ):
        wait_for(noted.exists)
        for _ in range(times):
            os.kill(os.getpid(), number)


def wait_in_vain(handling: Interrupts, number: signal.Signals) -> None:
    with handling.handled():
        os.kill(os.getpid(), number)
        time.sleep(30)


_PATIENT = (
    "stopping when this apply is done, so that nothing it makes is lost; once more breaks it off: what AWS is"
    " making at that moment may then exist without being in the state"
)
_BREAKS_OFF = "stopping: Terraform breaks off what it does and saves its state"
_WAITS = "still waiting for Terraform: ended now, it would lose track of what it creates"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_program_that_makes_nothing_is_told_once_and_waited_for(
    number: signal.Signals, tmp_path: Path
) -> None:
    """Whatever comes, and however often, Terraform gets one SIGINT. The exit code tells what came."""
    noted, said = tmp_path / "noted", list[str]()
    with pytest.raises(SystemExit) as end:
        run(Interrupts(said.append), noted, number, times=3, makes_things=False)
    assert end.value.code == 128 + number
    assert noted.read_text() == "started\nSIGINT\nended\n"
    assert said == [_BREAKS_OFF, _WAITS, _WAITS]


@pytest.mark.parametrize(
    ("times", "got", "told"),
    [
        (1, "", [_PATIENT]),
        (2, "SIGINT\n", [_PATIENT, _BREAKS_OFF]),
        (3, "SIGINT\n", [_PATIENT, _BREAKS_OFF, _WAITS]),
    ],
    ids=["once", "twice", "three times"],
)
def test_an_apply_is_left_to_its_end_at_the_first_signal(
    times: int, got: str, told: list[str], tmp_path: Path
) -> None:
    """Told at once, its providers would break off requests of which AWS makes something all the same."""
    noted, said = tmp_path / "noted", list[str]()
    with pytest.raises(SystemExit) as end:
        run(Interrupts(said.append), noted, signal.SIGTERM, times=times, makes_things=True)
    assert end.value.code == 143
    assert noted.read_text() == f"started\n{got}ended\n"
    assert said == told


def test_signal_while_no_program_runs_ends_the_deploy() -> None:
    with pytest.raises(SystemExit) as end:
        wait_in_vain(Interrupts(lambda _: None), signal.SIGTERM)
    assert end.value.code == 143


def test_handlers_are_as_before() -> None:
    before = [signal.getsignal(number) for number in interrupts.SIGNALS]
    with Interrupts(lambda _: None).handled():
        assert [signal.getsignal(number) for number in interrupts.SIGNALS] != before
    assert [signal.getsignal(number) for number in interrupts.SIGNALS] == before


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent was killed")
def test_program_is_interrupted_when_the_deploy_is_killed(tmp_path: Path) -> None:
    """And goes on to its end: it saves the state then."""
    noted = tmp_path / "noted"
    start = (
        "import os, subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, {str(_LAUNCHER)!r}, str(os.getpid()), *sys.argv[1:]],"
        " start_new_session=True)\n"
        "time.sleep(60)\n"
    )
    deploy = subprocess.Popen([sys.executable, "-c", start, sys.executable, "-c", _PROGRAM, str(noted), "30"])
    wait_for(noted.exists)
    deploy.kill()
    deploy.wait()
    wait_for(lambda: noted.read_text().endswith("ended\n"))
    assert noted.read_text() == "started\nSIGINT\nended\n"


def test_a_signal_that_python_drops_ends_it_all_the_same() -> None:
    """It comes while a generator is destroyed."""
    seen: list[str] = []
    with pytest.raises(SystemExit) as end:
        _drop_a_signal(Interrupts(print), seen)
    assert seen == ["destroyed"]
    assert end.value.code == 143


def _drop_a_signal(handling: Interrupts, seen: list[str]) -> None:
    def asks_when_destroyed() -> Iterator[None]:
        try:
            yield
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(30)

    with handling.handled():
        generator = asks_when_destroyed()
        next(generator)
        del generator
        seen.append("destroyed")
        time.sleep(30)
