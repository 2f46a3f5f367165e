"""A private MariaDB that several use, or that was killed, or its users were."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tests.integration.mariadb.servers import is_alive_in, query
from toolchain.errors import DatabaseServerError
from toolchain.file_locks import take
from toolchain.local.mariadb import database_server, revive_server
from toolchain.local.mariadb.instance import Instance
from toolchain.local.mariadb.process import command_line, is_alive, is_our_server
from toolchain.project import Project

# A process of its own that uses the server: says where it is, then waits.
HOLD = """
import os, sys
from pathlib import Path
from toolchain.local.mariadb import database_server
from toolchain.project import Project
print("starting", flush=True)
with database_server(Project(Path(sys.argv[1]))) as server:
    print(server.port, flush=True)
    sys.stdin.read()
"""


def pid_of(instance: Instance) -> int:
    return int(instance.pid_file.read_text())


class Holder:
    """Another process that uses the project's server until it is ended."""

    def __init__(self, project: Project) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", HOLD, project.root],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.read()

    def read(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def leave(self) -> None:
        self._process.communicate()

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def hold(project: Project) -> Iterator[Callable[[], Holder]]:
    """Start a Holder; it is ended with the test."""
    holders: list[Holder] = []

    def start() -> Holder:
        holders.append(Holder(project))
        return holders[-1]

    yield start
    for holder in holders:
        with suppress(ValueError):  # it has been ended already
            holder.kill()


def test_a_killed_server_is_started_again_for_those_who_use_it(project: Project, instance: Instance) -> None:
    """At its port and with its password; not when the last of them has left."""
    with database_server(project) as server:
        assert not revive_server(project, server), "it is alive"
        query(server, "CREATE TABLE kept (id INT PRIMARY KEY)")
        pid = pid_of(instance)
        os.kill(pid, signal.SIGKILL)
        while is_alive(instance):
            time.sleep(0.01)
        assert revive_server(project, server)
        assert query(server, "SELECT COUNT(*) FROM kept") == [(0,)]
        assert not command_line(pid), "the first one is no zombie"
    assert not revive_server(project, server)
    assert not is_alive_in(project)


class TestSharing:
    def test_the_last_to_leave_stops_it(
        self, project: Project, instance: Instance, hold: Callable[[], Holder]
    ) -> None:
        first, second = hold(), hold()
        assert first.read() == second.read()
        pid = pid_of(instance)
        first.leave()
        with database_server(project) as server:
            assert query(server, "SELECT 1") == [(1,)]
        assert (is_alive_in(project), pid_of(instance)) == (True, pid)
        second.leave()
        assert not is_alive_in(project)

    def test_many_that_start_at_once_get_one(self, instance: Instance, hold: Callable[[], Holder]) -> None:
        with ThreadPoolExecutor(6) as pool:
            holders = list(pool.map(lambda _: hold(), range(6)))
        assert len({holder.read() for holder in holders}) == 1
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(Holder.leave, holders))
        assert not is_alive(instance)

    def test_threads_and_nested_uses_share_too(self, project: Project) -> None:
        with database_server(project) as outer:
            with database_server(project) as inner:
                assert inner == outer
            assert query(outer, "SELECT 1") == [(1,)]


class TestKilled:
    def test_a_user_leaves_the_server_to_the_next(
        self, project: Project, instance: Instance, hold: Callable[[], Holder]
    ) -> None:
        """The next one takes it over, and stops it."""
        holder = hold()
        holder.read()
        pid = pid_of(instance)
        holder.kill()
        assert is_our_server(command_line(pid), instance.data)
        with database_server(project) as server:
            assert query(server, "SELECT 1") == [(1,)]
            assert pid_of(instance) == pid
        assert not is_alive(instance)

    def test_a_server_loses_no_committed_row(self, project: Project, instance: Instance) -> None:
        """The pid file and the socket it leaves behind are no obstacle."""
        with database_server(project) as server:
            query(server, "CREATE TABLE notes (id INT)")
            query(server, "INSERT INTO notes VALUES (1), (2)")
            os.kill(pid_of(instance), signal.SIGKILL)
        with database_server(project) as server:
            assert query(server, "SELECT id FROM notes ORDER BY id") == [(1,), (2,)]

    def test_a_server_that_is_just_gone(self, project: Project, instance: Instance) -> None:
        """A killed one lets go of its lock a moment after it has stopped to answer."""
        with database_server(project):
            pass
        alive = instance.alive.open("a")
        assert take(alive)
        threading.Timer(0.3, alive.close).start()
        with database_server(project) as server:
            assert query(server, "SELECT 1") == [(1,)]

    def test_while_it_starts(self, project: Project, hold: Callable[[], Holder]) -> None:
        """Anywhere between the copy of the template and the first connection."""
        chance = random.Random(4)  # noqa: S311  no secret
        for _ in range(12):
            holder = hold()
            time.sleep(chance.uniform(0, 0.12))
            holder.kill()
        with database_server(project) as server:
            assert query(server, "SELECT 1") == [(1,)]
        assert not is_alive_in(project)
        left_over = [path.name for path in (project.local / "mariadb").glob("unfinished-*")]
        assert left_over == []

    def test_without_its_endpoint_it_is_replaced(
        self, project: Project, instance: Instance, hold: Callable[[], Holder]
    ) -> None:
        """Nobody knows its port and password any more."""
        holder = hold()
        holder.read()
        pid = pid_of(instance)
        holder.kill()
        instance.endpoint.write_text("{")
        with database_server(project) as server:
            assert query(server, "SELECT 1") == [(1,)]
            assert pid_of(instance) != pid

    def test_another_process_is_never_ended(self, project: Project, instance: Instance) -> None:
        """The pid in an old file may be anybody's by now."""
        with database_server(project):
            pass
        with subprocess.Popen(["sleep", "60"]) as other:
            instance.pid_file.write_text(f"{other.pid}\n")
            with database_server(project) as server:
                assert query(server, "SELECT 1") == [(1,)]
            assert other.poll() is None
            other.kill()

    def test_a_server_that_can_not_be_identified_is_left_alone(
        self, project: Project, instance: Instance
    ) -> None:
        """It is alive, but the pid in its file is not its own."""
        with database_server(project):
            kept = {path: path.read_text() for path in (instance.pid_file, instance.endpoint)}
            instance.pid_file.write_text(f"{os.getpid()}\n")
            instance.endpoint.unlink()
            with pytest.raises(DatabaseServerError) as caught, database_server(project):
                pass
            for path, text in kept.items():
                path.write_text(text)
        assert str(caught.value) == (
            f"{instance.pid_file} does not name the server that uses {instance.data};"
            " end that mariadbd, then try again"
        )
