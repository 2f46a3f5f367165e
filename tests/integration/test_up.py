"""The local cloud as a whole: a process, its clients, and what is left of it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
import requests
from pycognito.aws_srp import AWSSRP  # type: ignore[import-untyped]

from toolchain.local.up.record import Record, read_record
from toolchain.project import Project

REPOSITORY = Path(__file__).resolve().parents[2]
PASSWORD = "Correct-Horse-1"

# pycognito asks for the time in a way that Python is giving up.
pytestmark = pytest.mark.filterwarnings(r"ignore:datetime\.datetime\.utcnow:DeprecationWarning")


class Cloud:
    """`up` in a copy of the application, on ports that are free."""

    def __init__(self, root: Path) -> None:
        self.project = Project(root)
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> Record:
        command = [sys.executable, "-m", "toolchain.local.up.main", str(self.project.root), "--port", "0"]
        self._process = subprocess.Popen(
            command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        return until(lambda: read_record(self.project), self._is_alive)

    def stop(self, number: int = signal.SIGTERM) -> str:
        """End it; what it printed."""
        if self._process is None:
            return ""
        self._process.send_signal(number)
        output, _ = self._process.communicate(timeout=30)
        self._process = None
        return output

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def _is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    root = tmp_path_factory.mktemp("up") / "project"
    for name in ("functions", "lib", "events", "migrations"):
        shutil.copytree(REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    cloud = Cloud(root)
    yield cloud
    cloud.stop(signal.SIGKILL)


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


def sign_up(record: Record, email: str) -> None:
    cognito = client(record, "cognito-idp")
    attributes = [{"Name": "email", "Value": email}, {"Name": "name", "Value": "Ada Lovelace"}]
    cognito.sign_up(ClientId=record.client_id, Username=email, Password=PASSWORD, UserAttributes=attributes)
    [message] = requests.get(f"{record.endpoint_url}/_inbox", {"to": email}, timeout=10).json()
    cognito.confirm_sign_up(ClientId=record.client_id, Username=email, ConfirmationCode=message["code"])


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


def test_sign_up_sign_in_and_call_the_api(cloud: Cloud) -> None:
    """The trigger made the row; without a token nobody gets in, without the group not everywhere."""
    record = cloud.start()
    sign_up(record, "ada@example.com")
    token = sign_in(record, "ada@example.com")
    assert call(record, "GET", "/me", token).json()["email"] == "ada@example.com"
    assert call(record, "PATCH", "/me", token, json={"name": "Countess"}).json()["name"] == "Countess"
    assert call(record, "GET", "/me").json() == {"message": "Unauthorized"}
    assert call(record, "GET", "/users", token).status_code == 403
    assert call(record, "GET", "/health").json() == {"status": "ok", "database": "ok"}
    assert call(record, "GET", "/nowhere").json() == {"message": "Not Found"}


def test_an_administrator_lists_users(cloud: Cloud) -> None:
    """Groups are in the tokens that are issued after."""
    record = read_record(cloud.project)
    assert record
    pool = {"UserPoolId": record.user_pool_id, "Username": "ada@example.com"}
    client(record, "cognito-idp").admin_add_user_to_group(**pool, GroupName="admins")
    users = call(record, "GET", "/users", sign_in(record, "ada@example.com")).json()
    assert [user["name"] for user in users["items"]] == ["Countess"]


def test_an_edit_counts_at_the_next_request(cloud: Cloud) -> None:
    """Also one of the same size within the same second, and one that can't be imported."""
    record = read_record(cloud.project)
    assert record
    handler = cloud.project.functions / "health" / "handler.py"
    source = handler.read_text()
    for number in range(10, 30):
        handler.write_text(source.replace('"ok"', f'"{number}"'))
        assert f'"{number}"' in call(record, "GET", "/health").text
    handler.write_text("def handler(:\n")
    broken = call(record, "GET", "/health")
    assert (broken.status_code, broken.json()) == (500, {"message": "Internal Server Error"})
    handler.write_text(source)
    assert call(record, "GET", "/health").json() == {"status": "ok", "database": "ok"}


def test_a_route_that_is_protected_now_lets_nobody_in(cloud: Cloud) -> None:
    """From the very next request on."""
    record = read_record(cloud.project)
    assert record
    manifest = cloud.project.functions / "health" / "function.yaml"
    source = manifest.read_text()
    assert "auth: none" in source
    manifest.write_text(source.replace("auth: none", "auth: jwt"))
    assert call(record, "GET", "/health").json() == {"message": "Unauthorized"}
    manifest.write_text(source)
    assert call(record, "GET", "/health").json() == {"status": "ok", "database": "ok"}


def test_functions_are_invoked_and_their_logs_read(cloud: Cloud) -> None:
    record = read_record(cloud.project)
    assert record
    event = (REPOSITORY / "events" / "health.json").read_bytes()
    answer = client(record, "lambda").invoke(FunctionName="health", Payload=event, LogType="Tail")
    assert b'"statusCode": 200' in answer["Payload"].read()
    groups = client(record, "logs").describe_log_groups()["logGroups"]
    assert "/aws/lambda/health" in {group["logGroupName"] for group in groups}


def test_users_and_rows_survive_a_restart(cloud: Cloud) -> None:
    """The signing key too: who was signed in still is."""
    before = read_record(cloud.project)
    assert before
    token = sign_in(before, "ada@example.com")
    assert cloud.stop().splitlines()[-1] == "stopping"
    assert read_record(cloud.project) is None
    record = cloud.start()
    assert (record.user_pool_id, record.client_id) == (before.user_pool_id, before.client_id)
    assert call(record, "GET", "/me", token).json()["name"] == "Countess"


def test_a_killed_one_leaves_nothing_in_the_way(cloud: Cloud) -> None:
    """Its functions end with it, and the next start takes over the database."""
    children = _children(cloud.pid)
    cloud.stop(signal.SIGKILL)
    until(lambda: True if not any(map(_is_function, children)) else None)
    record = cloud.start()
    assert call(record, "GET", "/me", sign_in(record, "ada@example.com")).json()["name"] == "Countess"


def _children(pid: int) -> list[int]:
    listed = subprocess.run(
        ("ps", "-o", "pid=", "--ppid", str(pid)), capture_output=True, text=True, check=False
    )
    return [int(line) for line in listed.stdout.split()]


def _is_function(pid: int) -> bool:
    """Whether a process that runs functions is still there, and no zombie."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        os.kill(pid, 0)
    except (OSError, ProcessLookupError):
        return False
    return b"toolchain" in command and b"mariadbd" not in command
