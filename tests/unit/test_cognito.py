"""@trigger: from an event of a user pool to what Cognito accepts."""

import copy
import json
from typing import Any

import pytest

from lib import cognito
from lib.cognito.changes import find_problems
from tests.unit.http_events import Context
from tests.unit.log_records import recorded
from toolchain.events import event_names, named_event

KINDS: dict[str, type[cognito.TriggerEvent[Any, Any]]] = {
    "PreSignUp": cognito.PreSignUp,
    "PostConfirmation": cognito.PostConfirmation,
    "PreAuthentication": cognito.PreAuthentication,
    "PostAuthentication": cognito.PostAuthentication,
    "TokenGeneration": cognito.PreTokenGeneration,
    "CustomMessage": cognito.CustomMessage,
    "UserMigration": cognito.UserMigration,
    "DefineAuthChallenge": cognito.DefineAuthChallenge,
    "CreateAuthChallenge": cognito.CreateAuthChallenge,
    "VerifyAuthChallengeResponse": cognito.VerifyAuthChallengeResponse,
    "CustomSMSSender": cognito.CustomSMSSender,
    "CustomEmailSender": cognito.CustomEmailSender,
}
SAMPLES = [name for name in event_names() if name.startswith("cognito:") and "_" in name]


def _pre_sign_up(**changes: object) -> dict[str, Any]:
    return {**named_event("cognito:PreSignUp_SignUp"), **changes}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_event_comes_back_as_it_was(name: str) -> None:
    """Of all triggers, from all sources, in all versions."""
    event = named_event(name)
    prefix = event["triggerSource"].partition("_")[0]
    kind = cognito.PreTokenGenerationV2 if event["version"] in {"2", "3"} else KINDS[prefix]
    seen: list[cognito.TriggerEvent[Any, Any]] = []

    handler = cognito.trigger(kind)(seen.append)
    answer = handler(copy.deepcopy(event), Context())

    assert answer == {"response": {}, **event}
    assert [(one.trigger_source, one.user_name) for one in seen] == [
        (event["triggerSource"], event["userName"])
    ]


def test_the_function_fills_in_the_response() -> None:
    """And sees the event typed; what it returns to Cognito is the whole event."""

    @cognito.trigger(cognito.PreSignUp)
    def handler(event: cognito.PreSignUp, domain: str = "example.com") -> None:
        event.response["autoConfirmUser"] = event.request["userAttributes"]["email"].endswith(f"@{domain}")

    event = _pre_sign_up()
    answer = handler(copy.deepcopy(event), Context())
    assert answer == {**event, "response": {**event["response"], "autoConfirmUser": True}}
    assert not handler(_pre_sign_up(), Context(), domain="example.org")["response"]["autoConfirmUser"]


def test_what_the_event_says() -> None:
    event = cognito.PostConfirmation.parse(named_event("cognito:PostConfirmation_ConfirmSignUp"))
    assert (event.region, event.user_pool_id) == ("eu-west-1", "eu-west-1_EXAMPLE01")
    assert event.client_id == "3n4b5urk1ft4fl3mg5e62d9ado"
    assert event.request["userAttributes"]["sub"] == event.user_name


def test_other_sources_come_back_untouched() -> None:
    """PostConfirmation also comes of a forgotten password, which is nothing new about the user."""
    called = []

    @cognito.trigger(cognito.PostConfirmation, "PostConfirmation_ConfirmSignUp")
    def handler(_: cognito.PostConfirmation) -> None:
        called.append(True)

    event = named_event("cognito:PostConfirmation_ConfirmForgotPassword")
    assert handler(event, Context()) is event
    assert handler(_pre_sign_up(), Context()) == _pre_sign_up()
    assert not called


def test_a_source_must_be_one_of_the_kind() -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared as a whole
        cognito.trigger(cognito.PostConfirmation, "PostConfirmation_SignUp")
    assert str(caught.value) == (
        "PostConfirmation has no source PostConfirmation_SignUp; "
        "use PostConfirmation_ConfirmForgotPassword, PostConfirmation_ConfirmSignUp"
    )


UNKNOWN = "is unknown to Cognito"
READ_ONLY = "was changed; a trigger may change its response only"


@pytest.mark.parametrize(
    ("before", "after", "problems"),
    [
        ({"request": {"a": {"b": 1}}}, {"request": {"a": {"b": 2}}}, [f"request.a.b {READ_ONLY}"]),
        ({"request": {"a": 1}}, {"request": {}}, [f"request.a {READ_ONLY}"]),
        ({"request": {}}, {"request": {"a": None}}, [f"request.a {READ_ONLY}"]),
        ({"request": {"a": 1}}, {"request": {"a": True}}, [f"request.a {READ_ONLY}"]),
        ({"session": [{"x": 1}, 2]}, {"session": [{"x": 2}, 2]}, [f"session.0.x {READ_ONLY}"]),
        ({"session": [1]}, {"session": [1, 2]}, [f"session.1 {READ_ONLY}"]),
        ({"a": 1, "b": 2}, {"a": 2, "b": 3}, [f"a {READ_ONLY}", f"b {READ_ONLY}"]),
        ({"a": {"b": []}}, {"a": {"b": {}}}, [f"a.b {READ_ONLY}"]),
        ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}, []),
    ],
)
def test_changes_are_found_at_any_depth(
    before: dict[str, Any], after: dict[str, Any], problems: list[str]
) -> None:
    assert find_problems({**before, "response": {}}, {**after, "response": {}}, []) == problems


def test_changes_outside_the_response_are_refused() -> None:
    """Cognito would say "Unrecognizable lambda output", and not where; a value is in no message."""

    @cognito.trigger(cognito.PreSignUp)
    def handler(event: cognito.PreSignUp) -> None:
        event.request["userAttributes"]["email"] = "grace@example.com"
        event.request["userAttributes"]["locale"] = "en"
        event.response["autoConfirmuser"] = True  # type: ignore[typeddict-unknown-key]

    with recorded() as records, pytest.raises(cognito.ChangeError) as caught:
        handler(_pre_sign_up(), Context())
    assert caught.value.problems == (
        f"request.userAttributes.email {READ_ONLY}",
        f"request.userAttributes.locale {READ_ONLY}",
        f"response.autoConfirmuser {UNKNOWN}; use autoConfirmUser, autoVerifyEmail, autoVerifyPhone",
    )
    assert [record["message"] for record in records] == ["the event was changed"]


def test_an_empty_response_stays_empty() -> None:
    @cognito.trigger(cognito.PostConfirmation)
    def handler(event: cognito.PostConfirmation) -> None:
        event.response["welcome"] = True  # type: ignore[typeddict-unknown-key]

    with pytest.raises(cognito.ChangeError) as caught:
        handler(named_event("cognito:PostConfirmation_ConfirmSignUp"), Context())
    assert str(caught.value) == f"response.welcome {UNKNOWN}; this trigger's response stays empty"


def test_a_refusal_reaches_the_user() -> None:
    @cognito.trigger(cognito.PreSignUp)
    def handler(_: cognito.PreSignUp) -> None:
        raise cognito.RefusedError("Sign-up is by invitation only.")

    with recorded() as records, pytest.raises(cognito.RefusedError, match="Sign-up is by invitation only"):
        handler(_pre_sign_up(), Context())
    assert [(record["level"], record["message"]) for record in records] == [("INFO", "refused")]


def test_other_errors_do_not() -> None:
    """Cognito shows the text of an error to whoever signs up: it may name hosts, or other people."""

    @cognito.trigger(cognito.PreSignUp)
    def handler(_: cognito.PreSignUp) -> None:
        raise KeyError("db.internal")

    with recorded() as records, pytest.raises(cognito.FailedError) as caught:
        handler(_pre_sign_up(), Context("id-1"))
    assert str(caught.value) == "internal error; the request id is id-1"
    assert isinstance(caught.value.__cause__, KeyError)
    (record,) = records
    assert record["function_request_id"] == "id-1"
    assert record["exception"].endswith("KeyError: 'db.internal'")


def test_no_event_is_logged() -> None:
    @cognito.trigger(cognito.UserMigration)
    def handler(event: cognito.UserMigration) -> None:
        raise ValueError(str(event.trigger_source))

    event = named_event("cognito:UserMigration_Authentication")
    with recorded() as records, pytest.raises(cognito.FailedError):
        handler(event, Context())
    assert event["request"]["password"] not in json.dumps(records)


def test_sources_are_those_of_the_sample_events() -> None:
    """lib/ is packed without the toolchain, and has them written out again: nothing may be in one only."""
    of_samples = {named_event(name)["triggerSource"] for name in SAMPLES}
    of_lib = {source for kind in KINDS.values() for source in kind.sources}
    assert of_lib | cognito.PreTokenGenerationV2.sources == of_samples
