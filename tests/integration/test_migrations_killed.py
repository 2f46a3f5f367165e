"""Migrations in a real MariaDB that are killed anywhere."""

import json
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from pymysql.connections import Connection

from lib.database import connect
from lib.migrations import apply
from lib.settings import DatabaseSettings
from tests.integration.counters import MIGRATIONS, assert_applied_once, rows, wait_for, write

pytestmark = pytest.mark.usefixtures("empty_settings")

MIGRATE = """
import json, sys
from pathlib import Path
from lib.database import connect
from lib.migrations import apply
from lib.settings import DatabaseSettings
connection = connect(DatabaseSettings(**json.loads(sys.argv[1])))
print("connected", flush=True)
apply(connection, Path(sys.argv[2]))
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return write(tmp_path / "migrations", MIGRATIONS)


class DeathError(BaseException):
    """What a process does not notice."""


class Fate:
    """Ends a connection without a word, before or after the given number of commands has been carried out."""

    def __init__(self, connection: Connection, commands: int, *, before: bool) -> None:
        self.is_fulfilled = False
        self._connection = connection
        self._commands = commands
        self._before = before

    def strike(self, command: Callable[..., Any]) -> Callable[..., Any]:
        def carry_out(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401  of any of a connection's methods
            self._commands -= 1
            if self._commands == 0 and self._before:
                self._die()
            result = command(*arguments, **options)
            if self._commands == 0:
                self._die()
            return result

        return carry_out

    def _die(self) -> None:
        self.is_fulfilled = True
        self._connection._force_close()  # type: ignore[attr-defined]  # noqa: SLF001  as the kernel would
        raise DeathError


class TestKilled:
    @pytest.mark.parametrize("before", [True, False], ids=["before it is sent", "after it was answered"])
    def test_at_each_command(
        self,
        connection: Connection,
        directory: Path,
        empty_settings: DatabaseSettings,
        monkeypatch: pytest.MonkeyPatch,
        *,
        before: bool,
    ) -> None:
        """A process dies at its first command, the next at its second: nothing is lost or done twice."""
        commands = 0
        is_fulfilled = True
        while is_fulfilled:
            commands += 1
            with closing(connect(empty_settings)) as mortal:
                fate = Fate(mortal, commands, before=before)
                for name in ("query", "begin", "commit"):
                    monkeypatch.setattr(mortal, name, fate.strike(getattr(mortal, name)))
                with suppress(DeathError):
                    apply(mortal, directory)
                monkeypatch.undo()
            is_fulfilled = fate.is_fulfilled
        assert commands > 15  # since each migration needs several, and later processes find less to do
        assert_applied_once(connection)

    @pytest.mark.parametrize("at", range(1, 160, 5))
    def test_once(
        self,
        connection: Connection,
        directory: Path,
        empty_settings: DatabaseSettings,
        monkeypatch: pytest.MonkeyPatch,
        at: int,
    ) -> None:
        """One process dies anywhere, the next one carries on to the end."""
        with closing(connect(empty_settings)) as mortal:
            fate = Fate(mortal, at, before=False)
            for name in ("query", "begin", "commit"):
                monkeypatch.setattr(mortal, name, fate.strike(getattr(mortal, name)))
            with suppress(DeathError):
                apply(mortal, directory)
            monkeypatch.undo()
        apply(connection, directory)
        assert_applied_once(connection)

    def test_by_the_system_at_any_time(
        self, connection: Connection, directory: Path, empty_settings: DatabaseSettings
    ) -> None:
        """SIGKILL, while the server is at work, or is not."""
        chance = random.Random(2)  # noqa: S311  no secret
        for _ in range(20):
            process = subprocess.Popen(
                [sys.executable, "-c", MIGRATE, json.dumps(asdict(empty_settings)), str(directory)],
                stdout=subprocess.PIPE,
            )
            with process:
                assert process.stdout
                assert process.stdout.readline() == b"connected\n"
                sleep(chance.uniform(0, 0.03))
                process.send_signal(signal.SIGKILL)
        apply(connection, directory)
        assert_applied_once(connection)

    def test_while_the_server_carries_on(
        self, connection: Connection, directory: Path, empty_settings: DatabaseSettings
    ) -> None:
        """The server finishes what a killed client has asked for; the next client waits for that."""
        write(directory, {"0014_slow": "CREATE TABLE slow AS SELECT SLEEP(1) AS slept"})
        process = subprocess.Popen(
            [sys.executable, "-c", MIGRATE, json.dumps(asdict(empty_settings)), str(directory)],
            stdout=subprocess.DEVNULL,
        )
        with process:
            wait_for(lambda: "SLEEP(1)" in str(rows(connection, "SHOW PROCESSLIST")))
            process.send_signal(signal.SIGKILL)
        assert apply(connection, directory) == ["0014_slow"]
        assert rows(connection, "SELECT slept FROM slow") == [(0,)]

    def test_rows_that_arrive_meanwhile_are_not_taken_for_a_change_of_the_schema(
        self, connection: Connection, directory: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The application goes on: AUTO_INCREMENT counts, tables grow."""
        apply(connection, directory)
        write(directory, {"0014_index": "CREATE INDEX counters_by_n ON counters (n)"})
        real = connection.query

        def die_at_the_index(sql: str, *, unbuffered: bool = False) -> int:
            if "counters_by_n" in sql:
                raise DeathError
            return int(real(sql, unbuffered=unbuffered))

        monkeypatch.setattr(connection, "query", die_at_the_index)
        with pytest.raises(DeathError):
            apply(connection, directory)
        monkeypatch.undo()
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO counters (n) VALUES (%s)", [(n,) for n in range(100)])
        assert apply(connection, directory) == ["0014_index"]
        assert len(rows(connection, "SHOW INDEX FROM counters WHERE Key_name = 'counters_by_n'")) == 1
