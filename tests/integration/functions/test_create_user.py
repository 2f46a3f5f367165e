"""The trigger that makes a row for who has signed up."""

import pytest
from pymysql.connections import Connection

from lib.cognito import FailedError
from lib.database import Database
from lib.users import get_user
from tests.integration.functions.calls import Call, Sample
from tests.unit.http_events import SUB, Deadline
from tests.unit.log_records import recorded
from toolchain.manifest import read_functions
from toolchain.project import Project

ROW = f"sub = '{SUB}', created_at = NOW(6), updated_at = NOW(6)"


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
