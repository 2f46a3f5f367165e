"""A local cloud for tests: `up` as a process, in a copy of the application, and its clients."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import boto3
import requests
from pycognito.aws_srp import AWSSRP

from toolchain.local.mariadb import remove_database
from toolchain.local.up.record import Record, read_record
from toolchain.project import Project

REPOSITORY = Path(__file__).resolve().parents[2]
PASSWORD = "Correct-Horse-1"
START_SECONDS = 600
"""How long `up` may take to serve: packages are installed first, and the machine may be busy with others."""


def copy_application(root: Path) -> None:
    """The reference application alone; `.venv` and the toolchain are this checkout's."""
    for name in ("functions", "lib", "events", "migrations"):
        shutil.copytree(REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))


# Ends a process when whoever has started this ends, however that is: the kernel closes its end of the pipe.
_UNTIL_STDIN_ENDS = 'read -r _; kill -TERM "$1"'


def end_with_this_process(pid: int) -> subprocess.Popen[bytes]:
    """Have the process end with this one, though this may be killed; what is returned watches over it."""
    command = ("sh", "-c", _UNTIL_STDIN_ENDS, "sh", str(pid))
    return subprocess.Popen(command, stdin=subprocess.PIPE, process_group=0)


class Cloud:
    """`up` in a folder, on ports that are free; what it prints is in a file beside the folder.

    Whatever becomes of the block that has one, nothing runs on after it.
    """

    def __init__(self, root: Path) -> None:
        self.project = Project(root)
        self.log = root.with_name(f"{root.name}.log")
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Functions end with `up`, but a killed one leaves MariaDB to the next; here, none comes."""
        self.stop(signal.SIGKILL)
        remove_database(self.project)

    def start(self, *options: str) -> Record:
        """Run it until it serves, with options that `up` takes."""
        self.begin(*options)
        try:
            return until(lambda: read_record(self.project), self.is_running, START_SECONDS)
        except AssertionError:
            raise AssertionError(f"`up` does not serve:\n{self.printed()}") from None

    def begin(self, *options: str) -> None:
        """Run it, as the leader of a group of its own, as shells do."""
        self._dismiss_watcher()  # of one that somebody else has ended
        arguments = (str(self.project.root), *(options or ("--port", "0")))
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                (sys.executable, "-m", "toolchain.local.up.main", *arguments),
                cwd=REPOSITORY,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        self._watcher = end_with_this_process(self.pid)

    def interrupt(self) -> None:
        """Do what Ctrl-C does, and wait for the end, which has to be a good one."""
        self._dismiss_watcher()
        os.killpg(self.pid, signal.SIGINT)
        assert self._process is not None
        assert self._process.wait(timeout=30) == 0
        self._process = None

    def stop(self, number: int = signal.SIGTERM, seconds: float = 30) -> str:
        """End it within some seconds; what it printed."""
        self._dismiss_watcher()
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(timeout=seconds)
            self._process = None
        return self.printed()

    def _dismiss_watcher(self) -> None:
        """Before the process id may become somebody else's."""
        if self._watcher is not None:
            self._watcher.kill()
            self._watcher.communicate()
            self._watcher = None

    def printed(self) -> str:
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    @property
    def record(self) -> Record:
        record = read_record(self.project)
        assert record
        return record

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def is_running(self) -> bool:
        """Whether the process is there; a record may say less."""
        return self._process is not None and self._process.poll() is None


def until[Value](
    find: Callable[[], Value | None], may_come: Callable[[], bool] = lambda: True, seconds: float = 60
) -> Value:
    """What `find` finds, once it does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and may_come():
        if (found := find()) is not None:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come")


def client(record: Record, service: str) -> Any:  # noqa: ANN401 - boto3 has no types
    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    return boto3.client(service, endpoint_url=record.endpoint_url, region_name=record.region, **keys)


def sign_up(record: Record, email: str) -> str:
    """Sign up and confirm with the code from the inbox, which is returned."""
    cognito = client(record, "cognito-idp")
    attributes = [{"Name": "email", "Value": email}, {"Name": "name", "Value": "Ada Lovelace"}]
    cognito.sign_up(ClientId=record.client_id, Username=email, Password=PASSWORD, UserAttributes=attributes)
    [message] = requests.get(f"{record.endpoint_url}/_inbox", {"to": email}, timeout=10).json()
    cognito.confirm_sign_up(ClientId=record.client_id, Username=email, ConfirmationCode=message["code"])
    code: str = message["code"]
    return code


def sign_in(record: Record, email: str) -> str:
    """An access token, had as pycognito has it: with SRP."""
    exchange = AWSSRP(
        email, PASSWORD, record.user_pool_id, record.client_id, client=client(record, "cognito-idp")
    )
    token: str = exchange.authenticate_user()["AuthenticationResult"]["AccessToken"]
    return token


def call(record: Record, method: str, path: str, token: str = "", json: object = None) -> requests.Response:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return requests.request(method, record.api_url + path, headers=headers, timeout=30, json=json)
