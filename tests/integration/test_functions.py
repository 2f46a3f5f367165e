"""Every function on its sample event and a real MariaDB, called as Lambda's runtime calls it."""

import importlib
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pymysql.connections import Connection

from lib.cognito import FailedError
from lib.context import LambdaContext
from lib.database import Database, DatabaseUnavailable
from lib.settings import DatabaseSettings
from lib.users import get_user
from tests.unit.http_events import SUB, Context, Deadline
from tests.unit.log_records import recorded
from toolchain.local.mariadb import DatabaseServer
from toolchain.manifest import read_functions
from toolchain.project import Project

type Event = dict[str, Any]
type Call = Callable[..., Event]
type Sample = Callable[[str], Event]

ROW = f"sub = '{SUB}', created_at = NOW(6), updated_at = NOW(6)"


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, checkout: Project, mariadb: DatabaseServer) -> Iterator[Call]:
    """`call("get_me")`: the handler's answer to events/get_me.json, or to a case, or to an event."""
    functions = read_functions(checkout)
    modules: list[Any] = []
    for variable, value in mariadb.environment().items():
        monkeypatch.setenv(variable, value)

    def call_function(
        name: str,
        case: str = "",
        event: Event | None = None,
        context: LambdaContext = Context(),  # noqa: B008  it is frozen
        **arguments: object,
    ) -> Event:
        for variable, value in functions[name].variables.items():
            monkeypatch.setenv(variable, value)
        module = importlib.import_module(f"functions.{name}.handler")
        modules.append(module)
        path = Path(name, f"{case}.json") if case else Path(f"{name}.json")
        given = json.loads((checkout.events / path).read_text()) if event is None else event
        answer: Event = json.loads(json.dumps(module.handler(given, context, **arguments)))
        return answer

    yield call_function
    for module in modules:
        if hasattr(module, "DATABASE"):
            module.DATABASE.close()


def _body(answer: Event) -> Event:
    body: Event = json.loads(answer["body"])
    return body


def _with_body(event: Event, body: object) -> Event:
    return {**event, "body": json.dumps(body)}


@pytest.fixture
def sample(checkout: Project) -> Sample:
    """`sample("get_me")`: the sample event, to be changed."""

    def read(name: str) -> Event:
        event: Event = json.loads((checkout.events / f"{name}.json").read_text())
        return event

    return read


def test_a_sign_up_makes_a_row(call: Call, database: Database, sample: Sample) -> None:
    """Cognito gets its event back; a second attempt changes nothing."""
    assert call("create_user") == sample("create_user")
    first = get_user(database, SUB)
    assert (first.email, first.name, first.locale) == ("ada@example.com", "Ada Lovelace", None)
    assert call("create_user") == sample("create_user")
    assert get_user(database, SUB) == first


@pytest.mark.parametrize("lock", ["LOCK TABLES users WRITE", f"INSERT INTO users SET {ROW}"])
def test_a_sign_up_while_the_table_is_locked(
    call: Call, checkout: Project, connection: Connection, database: Database, lock: str
) -> None:
    """It fails with an error of its own, in the log and for Cognito, before Lambda ends the function."""
    database.close()
    connection.begin()
    connection.query(lock)
    deadline = Deadline(read_functions(checkout)["create_user"].timeout_seconds)
    with recorded() as records, pytest.raises(FailedError):
        call("create_user", context=deadline)
    assert deadline.get_remaining_time_in_millis() > 0
    assert "DatabaseUnavailable" in records[-1]["exception"]
    connection.rollback()
    connection.query("UNLOCK TABLES")
    call("create_user")
    assert get_user(database, SUB).email == "ada@example.com"


@pytest.mark.usefixtures("migrated_settings")
def test_my_profile_while_the_table_is_locked(call: Call, connection: Connection) -> None:
    connection.query("LOCK TABLES users WRITE")
    deadline = Deadline(2)
    answer = call("get_me", context=deadline)
    assert deadline.get_remaining_time_in_millis() > 0
    assert (answer["statusCode"], answer["headers"]["retry-after"]) == (503, "2")


def test_a_forgotten_password_is_no_sign_up(call: Call, database: Database) -> None:
    answer = call("create_user", "confirm_forgot_password")
    assert answer["triggerSource"] == "PostConfirmation_ConfirmForgotPassword"
    assert database.run(lambda t: t.rows("SELECT * FROM users"), idempotent=True) == []


def test_a_sign_up_that_did_not_verify_the_e_mail(call: Call, database: Database, sample: Sample) -> None:
    """A pool may confirm users by phone, or an administrator may: the address can be anybody's."""
    event = sample("create_user")
    event["request"]["userAttributes"]["email_verified"] = "false"
    call("create_user", event=event)
    del event["request"]["userAttributes"]["email_verified"]
    call("create_user", event=event)
    assert get_user(database, SUB).email is None


def test_a_sign_up_does_not_touch_another_user_with_the_same_e_mail(
    call: Call, database: Database, sample: Sample
) -> None:
    """Rows are keyed on `sub`: whoever signs up with somebody's address gets a row of their own."""
    call("create_user")
    victim = get_user(database, SUB)
    event = sample("create_user")
    event["request"]["userAttributes"]["sub"] = "00000000-0000-4000-8000-000000000bad"
    call("create_user", event=event)
    assert get_user(database, SUB) == victim


@pytest.mark.usefixtures("migrated_settings")
def test_my_profile(call: Call) -> None:
    call("create_user")
    answer = call("get_me")
    assert answer["statusCode"] == 200
    body = _body(answer)
    assert body.pop("created_at") == body.pop("updated_at")
    assert body == {"id": SUB, "email": "ada@example.com", "name": "Ada Lovelace", "locale": None}


def test_my_profile_when_the_sign_up_trigger_failed(call: Call, database: Database) -> None:
    """An access token has no e-mail, so the row is made without; the trigger's next attempt adds it."""
    first, second = call("get_me"), call("get_me")
    assert first["statusCode"] == 200
    assert (_body(first)["id"], _body(first)["email"]) == (SUB, None)
    assert _body(second) == _body(first)
    call("create_user")
    assert get_user(database, SUB).email == "ada@example.com"
    assert _body(call("get_me"))["email"] == "ada@example.com"


def test_an_e_mail_claim_counts_when_it_is_verified(call: Call, database: Database, sample: Sample) -> None:
    """A PreTokenGeneration trigger can add it to access tokens; API Gateway makes it a string."""
    for verified, email in (("false", None), ("true", "ada@example.com")):
        event = sample("get_me")
        claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
        claims |= {"email": "ada@example.com", "email_verified": verified}
        assert _body(call("get_me", event=event))["email"] == email
    assert get_user(database, SUB).email == "ada@example.com"


@pytest.mark.usefixtures("migrated_settings")
def test_changing_my_profile(call: Call, sample: Sample) -> None:
    """A merge patch: absent stays, null removes; twice is the same as once."""
    call("create_user")
    for _ in range(2):
        answer = call("update_me")
        assert answer["statusCode"] == 200
        assert (_body(answer)["name"], _body(answer)["locale"]) == ("Ada King", "en-GB")
    assert _body(call("update_me", "remove_name"))["name"] is None
    unchanged = _body(call("update_me", event=_with_body(sample("update_me"), {})))
    assert (unchanged["name"], unchanged["locale"]) == (None, "en-GB")


@pytest.mark.usefixtures("migrated_settings")
def test_changes_that_break_the_rules(call: Call, sample: Sample) -> None:
    answer = call("update_me", event=_with_body(sample("update_me"), {"name": " ", "locale": "english!"}))
    assert _body(answer) == {
        "type": "urn:problem-type:invalid-request",
        "title": "Unprocessable Content",
        "status": 422,
        "detail": "2 of the values can't be accepted.",
        "instance": "JKJaXmPLvHcESHA=",
        "errors": [
            {"detail": "locale is not a language tag such as en-GB", "pointer": "#/locale"},
            {"detail": "name is empty; use null to remove it", "pointer": "#/name"},
        ],
    }


@pytest.mark.usefixtures("migrated_settings")
def test_deleting_my_account(call: Call) -> None:
    """It is idempotent, and final until the row is purged: nothing makes the user anew."""
    call("create_user")
    for _ in range(2):
        answer = call("delete_me")
        assert (answer["statusCode"], "body" in answer) == (204, False)
    call("create_user")
    for name in ("get_me", "update_me"):
        assert _body(call(name))["type"] == "urn:problem-type:account-deleted"
        assert call(name)["statusCode"] == 410
    assert _body(call("list_users"))["items"] == []


@pytest.mark.usefixtures("migrated_settings")
def test_deleting_an_account_that_has_no_row_yet(call: Call) -> None:
    assert call("delete_me")["statusCode"] == 204
    assert call("get_me")["statusCode"] == 410


def _sign_up(call: Call, sample: Sample, number: int) -> None:
    event = sample("create_user")
    event["request"]["userAttributes"] |= {
        "sub": f"{number:08}-0000-4000-8000-000000000000",
        "email": f"Ada{number}@example.com",
    }
    call("create_user", event=event)


@pytest.mark.usefixtures("migrated_settings")
def test_listing_users_in_pages(call: Call, sample: Sample) -> None:
    """Each page has the query of the one after it, but for the cursor."""
    for number in range(5):
        _sign_up(call, sample, number)
    found: list[str] = []
    cursor = ""
    for size in (2, 2, 1):
        event = {**sample("list_users"), "rawQueryString": f"limit=2&email_prefix=ADA{cursor}"}
        page = _body(call("list_users", event=event))
        assert len(page["items"]) == size
        found += [user["email"] for user in page["items"]]
        cursor = f"&cursor={page['next']}"
    assert page["next"] is None
    assert found == [f"Ada{number}@example.com" for number in (4, 3, 2, 1, 0)]


@pytest.mark.usefixtures("migrated_settings")
@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("limit=0", "Input should be greater than or equal to 1"),
        ("limit=201", "Input should be less than or equal to 200"),
        ("cursor=bm9uc2Vuc2U", "The cursor is not one that this list gave."),
        ("email_prefix=", "String should have at least 1 character"),
        ("prefix=ada", "Extra inputs are not permitted"),
    ],
)
def test_listing_users_with_a_wrong_query(call: Call, sample: Sample, query: str, detail: str) -> None:
    answer = call("list_users", event={**sample("list_users"), "rawQueryString": query})
    assert (answer["statusCode"], _body(answer)["detail"]) == (400, detail)


@pytest.mark.usefixtures("migrated_settings")
def test_a_wildcard_is_a_character_of_an_e_mail(call: Call, sample: Sample) -> None:
    _sign_up(call, sample, 1)
    for prefix in ("%25", "_da", "a%25"):
        event = {**sample("list_users"), "rawQueryString": f"email_prefix={prefix}"}
        assert _body(call("list_users", event=event))["items"] == []


@pytest.mark.usefixtures("migrated_settings")
def test_health(call: Call) -> None:
    answer = call("health")
    assert (answer["statusCode"], _body(answer)) == (200, {"status": "ok", "database": "ok"})


def test_health_of_a_database_that_is_gone(call: Call, migrated_settings: DatabaseSettings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    answer = call("health", database=Database(replace(migrated_settings, port=port)))
    assert (answer["statusCode"], _body(answer)["detail"]) == (503, "The database can't be reached.")


@pytest.mark.usefixtures("migrated_settings")
def test_purging_deleted_users(call: Call, connection: Connection) -> None:
    """After RETENTION_DAYS (30) and not before; the second time there is nothing left to do."""
    call("create_user")
    call("delete_me")
    assert call("purge_deleted_users") == {"removed": 0}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE users SET deleted_at = NOW() - INTERVAL 31 DAY")
    assert call("purge_deleted_users") == {"removed": 1}
    assert call("purge_deleted_users") == {"removed": 0}
    assert call("get_me")["statusCode"] == 200


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


@pytest.mark.parametrize(
    ("name", "imported"),
    [
        ("create_user", []),
        ("delete_me", []),
        ("get_me", []),
        ("health", []),
        ("list_users", ["pydantic"]),
        ("migrate_database", []),
        ("purge_deleted_users", []),
        ("update_me", ["pydantic"]),
    ],
)
def test_what_a_handler_imports(checkout: Project, name: str, imported: list[str]) -> None:
    """A cold start pays for each module, so pydantic comes with models only, and the AWS SDK with its use.

    And it is imported without any environment: `python -m` and Lambda's own checks do so.
    """
    heavy = {"boto3", "botocore.session", "pydantic", "toolchain", "asyncio", "aws_xray_sdk"}
    program = f"import functions.{name}.handler, sys; print(*sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(checkout.root)!r}); {program}"],
        capture_output=True,
        check=True,
        text=True,
        env={},
    )
    assert done.stdout.split() == imported
