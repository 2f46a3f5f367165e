"""A program that a task runs and waits for: its exit status, and who gets the signals."""

import subprocess
import sys

import pytest

from toolchain.project import Project

TASK = """
import sys
from pathlib import Path
from toolchain.quality import run_in_foreground
sys.exit(run_in_foreground([sys.executable, "-c", sys.argv[1]], Path.cwd()))
"""
CLEANS_UP = """
import os, signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
os.kill(os.getppid(), signal.SIGTERM)
signal.pause()
"""
GOES_ON = """
import os, signal, sys, time
os.kill(os.getppid(), signal.SIGINT)
time.sleep(0.1)
sys.exit(3)
"""


@pytest.mark.parametrize(
    ("program", "status"),
    [
        ("raise SystemExit(0)", 0),
        ("raise SystemExit(5)", 5),
        ("import os; os.kill(os.getpid(), 9)", 137),
        (CLEANS_UP, 7),
        (GOES_ON, 3),
    ],
    ids=["success", "failure", "killed", "SIGTERM is passed on", "SIGINT is left to the program"],
)
def test_exit_status_is_the_programs(checkout: Project, program: str, status: int) -> None:
    command = [sys.executable, "-c", TASK, program]
    assert subprocess.run(command, cwd=checkout.root, timeout=20, check=False).returncode == status
