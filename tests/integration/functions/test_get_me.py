"""One's own profile, with a row and without."""

import pytest
from pymysql.connections import Connection

from lib.database import Database
from lib.users import get_user
from tests.integration.functions.calls import Call, Sample, body_of
from tests.unit.http_events import SUB, Deadline


@pytest.mark.usefixtures("migrated_settings")
def test_my_profile(call: Call) -> None:
    call("create_user")
    answer = call("get_me")
    assert answer["statusCode"] == 200
    body = body_of(answer)
    assert body.pop("created_at") == body.pop("updated_at")
    assert body == {"id": SUB, "email": "ada@example.com", "name": "Ada Lovelace", "locale": None}


@pytest.mark.usefixtures("migrated_settings")
def test_my_profile_while_the_table_is_locked(call: Call, connection: Connection) -> None:
    connection.query("LOCK TABLES users WRITE")
    deadline = Deadline(2)
    answer = call("get_me", context=deadline)
    assert deadline.get_remaining_time_in_millis() > 0
    assert (answer["statusCode"], answer["headers"]["retry-after"]) == (503, "2")


def test_my_profile_when_the_sign_up_trigger_failed(call: Call, database: Database) -> None:
    """An access token has no e-mail, so the row is made without; the trigger's next attempt adds it."""
    first, second = call("get_me"), call("get_me")
    assert first["statusCode"] == 200
    assert (body_of(first)["id"], body_of(first)["email"]) == (SUB, None)
    assert body_of(second) == body_of(first)
    call("create_user")
    assert get_user(database, SUB).email == "ada@example.com"
    assert body_of(call("get_me"))["email"] == "ada@example.com"


def test_an_e_mail_claim_counts_when_it_is_verified(call: Call, database: Database, sample: Sample) -> None:
    """A PreTokenGeneration trigger can add it to access tokens; API Gateway makes it a string."""
    for verified, email in (("false", None), ("true", "ada@example.com")):
        event = sample("get_me")
        claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
        claims |= {"email": "ada@example.com", "email_verified": verified}
        assert body_of(call("get_me", event=event))["email"] == email
    assert get_user(database, SUB).email == "ada@example.com"
