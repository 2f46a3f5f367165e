"""Sign-ups while everything is pulled from under them: what was acknowledged is not lost.

SIGN_UPS=10000 asks for as many at once as the platform has to stand; fewer find the same mistakes sooner.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lib.database import connect
from lib.settings import database_settings, reading
from tests.integration.running_up import PASSWORD, Cloud, call, client, copy_application, until
from tests.integration.sign_ups import Acknowledged, sign_up_many
from tests.integration.workers.world import is_alive, processes_below
from toolchain.local.up.record import Record

MANY = int(os.environ.get("SIGN_UPS", "1000"))
CONNECTIONS = 256


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    copy_application(tmp_path / "project")
    with Cloud(tmp_path / "project") as cloud:
        yield cloud
        cloud.stop()


def rows(record: Record) -> list[str]:
    """The subs in the database."""
    with reading(record.database) as read:
        settings = database_settings(read)
    with closing(connect(settings)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT sub FROM users")
        return [sub for (sub,) in cursor.fetchall()]


def sign_up_during(cloud: Cloud, count: int, disturb: Callable[[], None]) -> Acknowledged:
    """Sign users up, and at some point in the middle do something about it."""
    record = cloud.record

    async def run() -> Acknowledged:
        work = asyncio.create_task(sign_up_many(record, range(count), 32, lambda number: 1 + number % 3))
        while len(await asyncio.to_thread(rows, record)) < count // 5:
            assert not work.done()
        await asyncio.to_thread(disturb)
        return await work

    return asyncio.run(run())


def check_nothing_is_lost(record: Record, acknowledged: Acknowledged) -> None:
    """Who is confirmed for all they know has a row; who has signed up is there, and gets one."""
    before = set(rows(record))
    assert set(acknowledged.confirmed.values()) <= before
    for email, sub in acknowledged.signed_up.items():
        if sub not in before:
            assert call(record, "GET", "/me", sign_in(record, email)).status_code == 200
    assert sorted(rows(record)) == sorted(acknowledged.signed_up.values())


def sign_in(record: Record, email: str) -> str:
    """An access token, of a user who may have to confirm first."""
    cognito = client(record, "cognito-idp")
    user = cognito.admin_get_user(UserPoolId=record.user_pool_id, Username=email)
    if user["UserStatus"] == "UNCONFIRMED":
        cognito.admin_confirm_sign_up(UserPoolId=record.user_pool_id, Username=email)
    parameters = {"USERNAME": email, "PASSWORD": PASSWORD}
    answer = cognito.initiate_auth(
        ClientId=record.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters
    )
    token: str = answer["AuthenticationResult"]["AccessToken"]
    return token


def test_as_many_rows_as_sign_ups(cloud: Cloud) -> None:
    """Though each event arrives one to three times, at the same time."""
    record = cloud.start()
    acknowledged = asyncio.run(sign_up_many(record, range(MANY), CONNECTIONS, lambda number: 1 + number % 3))
    assert acknowledged.failures == []
    assert len(acknowledged.confirmed) == MANY
    assert sorted(rows(record)) == sorted(acknowledged.confirmed.values())


def test_workers_that_are_killed(cloud: Cloud) -> None:
    """A sign-up whose function is killed is told so; its user is confirmed, and gets the row at GET /me."""
    record = cloud.start()

    def kill_workers() -> None:
        for _ in range(10):
            for worker in _workers(cloud.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)

    acknowledged = sign_up_during(cloud, 400, kill_workers)
    assert len(acknowledged.signed_up) == 400
    assert acknowledged.failures
    assert all("Runtime exited with error: signal: killed" in text for text in acknowledged.failures)
    check_nothing_is_lost(record, acknowledged)


def test_mariadb_that_is_killed(cloud: Cloud) -> None:
    """It is started again, where it was; whoever signs up meanwhile gets the row at GET /me."""
    record = cloud.start()
    pid_file = cloud.project.local / "mariadb" / "mariadb.pid"
    acknowledged = sign_up_during(cloud, 400, lambda: os.kill(int(pid_file.read_text()), signal.SIGKILL))
    assert len(acknowledged.signed_up) == 400
    until(lambda: True if "MariaDB had ended; it was started again" in cloud.printed() else None)
    check_nothing_is_lost(record, acknowledged)
    assert call(record, "GET", "/health").json() == {"status": "ok", "database": "ok"}


def test_up_that_is_killed(cloud: Cloud) -> None:
    """Its functions end with it; the next one finds the users, the database and the rows."""
    cloud.start()
    started: list[int] = []

    def kill() -> None:
        started.extend(processes_below(cloud.pid))
        cloud.stop(signal.SIGKILL)

    acknowledged = sign_up_during(cloud, 400, kill)
    assert 0 < len(acknowledged.confirmed) <= len(acknowledged.signed_up) < 400
    record = cloud.start()
    check_nothing_is_lost(record, acknowledged)
    cloud.stop()
    assert [pid for pid in started if is_alive(pid)] == [], "not even MariaDB, which the second took over"


def _workers(pid: int) -> set[int]:
    """The processes that run functions: those that `up` has not started itself, but one that it has."""
    listing = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(child): int(parent) for child, parent in map(str.split, listing.splitlines())}
    own = {child for child, parent in parents.items() if parent == pid}
    return {child for child, parent in parents.items() if parent in own}
