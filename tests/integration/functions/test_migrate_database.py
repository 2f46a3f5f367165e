"""Migrations as a function: what it does, what it tells, and what it waits for."""

import socket
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from pymysql.connections import Connection

from lib.database import DatabaseUnavailable
from lib.settings import DatabaseSettings
from tests.integration.functions.calls import Call, Event
from tests.unit.http_events import Context
from toolchain.project import Project


@pytest.mark.usefixtures("empty_settings")
def test_migrating(call: Call, checkout: Project) -> None:
    """It tells what it would do, and what it did, which the second time is nothing."""
    names = sorted(path.stem for path in checkout.migrations.glob("*.sql"))
    assert call("migrate_database", "dry_run") == {"pending": names}
    assert call("migrate_database", "dry_run") == {"pending": names}
    assert call("migrate_database") == {"applied": names}
    assert call("migrate_database") == {"applied": []}
    assert call("migrate_database", "dry_run") == {"pending": []}


@pytest.mark.usefixtures("empty_settings")
def test_a_migration_that_takes_too_long(call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It ends with an error of the database, for the next call to carry on, and not with the function."""
    (tmp_path / "0001_sleep.sql").write_text("CREATE TABLE slept AS SELECT SLEEP(6) AS seconds;\n")
    module = "functions.migrate_database.handler"
    monkeypatch.setattr(f"{module}.MIGRATIONS", tmp_path)
    monkeypatch.setattr(f"{module}.STATEMENT_SECONDS", 1)
    with pytest.raises(DatabaseUnavailable):
        call("migrate_database", context=Context(remaining_millis=900_000))


def test_migrating_a_database_that_resumes(
    call: Call, empty_settings: DatabaseSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Aurora takes the connection, and greets seconds later; requests don't wait for that, a deploy does."""

    def forward(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)

    def forward_late(listener: socket.socket) -> None:
        client = listener.accept()[0]
        time.sleep(empty_settings.connect_timeout_seconds + 1)
        with client, socket.create_connection((empty_settings.host, empty_settings.port)) as server:
            threading.Thread(target=forward, args=(client, server), daemon=True).start()
            forward(server, client)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=forward_late, args=(listener,), daemon=True).start()
        monkeypatch.setenv("DATABASE_PORT", str(listener.getsockname()[1]))
        answer = call("migrate_database", "dry_run", context=Context(remaining_millis=900_000))
    assert "pending" in answer


@pytest.mark.usefixtures("empty_settings")
@pytest.mark.parametrize("event", [{"dry-run": True}, {"dry_run": "yes"}])
def test_misspelt_dry_run_does_not_migrate(call: Call, connection: Connection, event: Event) -> None:
    with pytest.raises(ValueError, match="the event is neither"):
        call("migrate_database", event=event)
    with connection.cursor() as cursor:
        assert cursor.execute("SHOW TABLES") == 0
