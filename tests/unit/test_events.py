"""Sample events are what AWS sends: Powertools' models of the events accept them."""

import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes.cognito_user_pool_event import (
    PreTokenGenerationV2TriggerEvent,
)
from aws_lambda_powertools.utilities.parser import models
from moto.events.models import EventPattern
from pydantic import BaseModel, ValidationError

from toolchain.errors import EventError
from toolchain.events import event_names, function_event, named_event
from toolchain.events.buses import eventbridge_event
from toolchain.events.cognito import SOURCES
from toolchain.manifest import parse_function
from toolchain.manifest.model import Function
from toolchain.manifest.triggers import EventBridgeTrigger

MODELS: dict[str, type[BaseModel]] = {
    "http": models.APIGatewayProxyEventV2Model,
    "http:1.0": models.APIGatewayProxyEventModel,
    "schedule": models.EventBridgeModel,
    "sqs": models.SqsModel,
    "sns": models.SnsModel,
    "s3": models.S3Model,
    "eventbridge": models.EventBridgeModel,
    "dynamodb_stream": models.DynamoDBStreamModel,
    "cognito:PreSignUp_SignUp": models.CognitoPreSignupTriggerModel,
    "cognito:PostConfirmation_ConfirmSignUp": models.CognitoPostConfirmationTriggerModel,
    "cognito:PreAuthentication_Authentication": models.CognitoPreAuthenticationTriggerModel,
    "cognito:PostAuthentication_Authentication": models.CognitoPostAuthenticationTriggerModel,
    "cognito:TokenGeneration_HostedAuth": models.CognitoPreTokenGenerationTriggerModelV1,
    "cognito:CustomMessage_AdminCreateUser": models.CognitoCustomMessageTriggerModel,
    "cognito:UserMigration_Authentication": models.CognitoMigrateUserTriggerModel,
    "cognito:DefineAuthChallenge_Authentication": models.CognitoDefineAuthChallengeTriggerModel,
    "cognito:CreateAuthChallenge_Authentication": models.CognitoCreateAuthChallengeTriggerModel,
    "cognito:CustomSMSSender_SignUp": models.CognitoCustomSMSSenderTriggerModel,
    "cognito:CustomEmailSender_SignUp": models.CognitoCustomEmailSenderTriggerModel,
}


@pytest.mark.parametrize(("name", "model"), MODELS.items())
def test_powertools_accepts_the_event(name: str, model: type[BaseModel]) -> None:
    """The models were written from AWS's documentation, independently of these events."""
    model.model_validate(named_event(name))


@pytest.mark.parametrize(
    ("name", "model", "field"),
    [
        (
            "cognito:VerifyAuthChallengeResponse",
            models.CognitoVerifyAuthChallengeTriggerModel,
            ("response", "answerCorrect"),
        ),
        (
            "cognito:TokenGeneration_Authentication:V2_0",
            models.CognitoPreTokenGenerationTriggerModelV2AndV3,
            ("request", "scopes"),
        ),
    ],
)
def test_where_powertools_model_is_not_what_aws_sends(
    name: str, model: type[BaseModel], field: tuple[str, ...]
) -> None:
    """Cognito sends null until a function answers, and a list of scopes: the model asks for other types.

    When this fails, Powertools was mended: move the line into MODELS.
    """
    with pytest.raises(ValidationError) as raised:
        model.model_validate(named_event(name))
    assert [error["loc"] for error in raised.value.errors()] == [field]


def test_scopes_of_token_generation_are_a_list() -> None:
    """As Powertools' data class of the same event has them."""
    event = PreTokenGenerationV2TriggerEvent(named_event("cognito:TokenGeneration_Authentication:V2_0"))
    assert event.version == "2"
    assert event.request.scopes == ["aws.cognito.signin.user.admin"]
    assert "scopes" not in named_event("cognito:TokenGeneration_Authentication")["request"]


def test_every_name_has_an_event_of_json() -> None:
    """All kinds, all triggers of a user pool with all their sources."""
    names = event_names()
    assert len(names) == len(set(names))
    assert set(SOURCES) <= {name.removeprefix("cognito:") for name in names}
    for name in names:
        event = named_event(name)
        assert json.loads(json.dumps(event)) == event


@pytest.mark.parametrize("name", [name for name in event_names() if "_" in name and ":" in name])
def test_what_the_events_of_a_user_pool_have_in_common(name: str) -> None:
    """Attribute values are strings; the source is the one that was asked for."""
    event = named_event(name)
    assert event["triggerSource"] == name.split(":")[1]
    assert (event["region"], event["userPoolId"]) == ("eu-west-1", "eu-west-1_EXAMPLE01")
    attributes = event["request"].get("userAttributes", {})
    assert all(isinstance(value, str) for value in attributes.values())
    assert attributes.get("email", "ada@example.com") == "ada@example.com"
    assert ("response" in event) is ("Sender" not in name)


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("cognito:PreSignUp", "userName", "5d1e8a3c-7b7e-4c0b-9a51-0c7c6f2f9d10"),
        ("cognito:PreSignUp_AdminCreateUser", "callerContext.clientId", "CLIENT_ID_NOT_APPLICABLE"),
        ("cognito:PreSignUp_ExternalProvider", "userName", "Google_109876543210987654321"),
        ("cognito:PostConfirmation", "request.userAttributes.cognito:user_status", "CONFIRMED"),
        ("cognito:CustomMessage_SignUp", "request.userAttributes.cognito:user_status", "UNCONFIRMED"),
        ("cognito:CustomMessage_SignUp", "request.userAttributes.email_verified", "false"),
        ("cognito:UserMigration", "userName", "ada@example.com"),
        ("cognito:TokenGeneration_ClientCredentials:V3_0", "version", "3"),
    ],
)
def test_what_depends_on_the_source(name: str, path: str, value: str) -> None:
    """A new user has no status yet, an administrator no client, a migrated user no sub."""
    found: Any = named_event(name)
    for key in path.split("."):
        found = found[key]
    assert found == value


def test_a_forgotten_password_cannot_be_migrated() -> None:
    """The user typed none."""
    assert "password" in named_event("cognito:UserMigration")["request"]
    assert "password" not in named_event("cognito:UserMigration_ForgotPassword")["request"]


def test_a_user_who_signs_up_has_no_sub_yet() -> None:
    """Cognito makes it after PreSignUp agreed."""
    assert named_event("cognito:PreSignUp")["request"] == {
        "userAttributes": {"name": "Ada Lovelace", "email": "ada@example.com"},
        "validationData": None,
    }


def test_an_unknown_name() -> None:
    """It may be a function's or a kind's; either way it may be a typo."""
    with pytest.raises(EventError) as typo:
        named_event("cognito:PreSignup")
    with pytest.raises(EventError) as unknown:
        named_event("xyz")
    is_none = "is no function and no kind of trigger"
    assert str(typo.value) == f"'cognito:PreSignup' {is_none}; did you mean 'cognito:PreSignUp'?"
    assert str(unknown.value) == f"'xyz' {is_none}; `invoke events` lists the names"


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["shop.orders"]},
        {"source": ["a", "b"], "detail-type": [{"prefix": "Order"}]},
        {"detail": {"total": [{"numeric": [">", 100]}], "kind": [{"anything-but": ["x"]}]}},
        {"detail": {"total": [{"numeric": [">", 0, "<", 1]}], "state": {"name": [None, "new"]}}},
        {"detail": {"coupon": [{"exists": False}], "customer": [{"exists": True}]}},
    ],
)
def test_an_event_matches_the_pattern_it_is_made_for(pattern: dict[str, Any]) -> None:
    """As moto's implementation of event patterns, independent of ours, judges."""
    event: Any = eventbridge_event(EventBridgeTrigger(pattern=pattern))
    assert EventPattern.load(json.dumps(pattern)).matches_event(event)


@pytest.mark.parametrize(
    ("choice", "value"),
    [
        ({"suffix": ".csv"}, "sample.csv"),
        ({"prefix": {"equals-ignore-case": "ab"}}, "absample"),
        ({"equals-ignore-case": "AB"}, "AB"),
        ({"wildcard": "in/*.csv"}, "in/sample.csv"),
        ({"cidr": "10.0.0.0/24"}, "10.0.0.0"),
        ({"numeric": ["=", 5]}, 5),
        ({"numeric": [">=", 5, "<", 9]}, 5),
        ({"numeric": ["<", 5]}, 4),
        ({"anything-but": 5}, -1),
    ],
)
def test_operators_that_moto_lacks(choice: dict[str, Any], value: object) -> None:
    """EventBridge's own, from the page of its pattern operators."""
    event = eventbridge_event(EventBridgeTrigger(pattern={"detail": {"field": [choice]}}))
    assert event["detail"] == {"field": value}


def function(*triggers: object) -> Function:
    return parse_function("sample", json.dumps({"description": "x", "triggers": triggers}))


SCHEDULE = {"schedule": {"expression": "rate(1 day)"}}
QUEUE = {"sqs": {"queue": "orders.fifo"}}


def test_a_function_has_the_event_of_its_first_trigger() -> None:
    """Another is chosen by its number or its kind."""
    both = function(SCHEDULE, QUEUE)
    assert function_event(both)["source"] == "aws.scheduler"
    assert function_event(both)["resources"] == [
        "arn:aws:scheduler:eu-west-1:123456789012:schedule/default/sample"
    ]
    [record] = function_event(both, "sqs")["Records"]
    assert function_event(both, "1") == {"Records": [record]}
    assert record["eventSourceARN"] == "arn:aws:sqs:eu-west-1:123456789012:orders.fifo"
    assert record["attributes"]["MessageGroupId"] == "1"


def test_a_schedule_with_an_input_has_that_event() -> None:
    """EventBridge Scheduler then adds nothing."""
    scheduled = function({"schedule": {"expression": "rate(1 day)", "input": {"task": "sweep"}}})
    assert function_event(scheduled) == {"task": "sweep"}


def test_a_function_that_is_called_by_name_has_an_empty_event() -> None:
    """Its caller decides."""
    assert function_event(function()) == {}


@pytest.mark.parametrize(
    ("triggers", "chosen", "problem"),
    [
        (
            [SCHEDULE, QUEUE],
            "2",
            "functions/sample: there is no trigger 2; its triggers are 0 (schedule) and 1 (sqs)",
        ),
        ([SCHEDULE], "sns", "functions/sample: there is no trigger sns; its triggers are 0 (schedule)"),
        ([], "0", "functions/sample: there is no trigger 0; it has none"),
    ],
)
def test_a_trigger_the_function_does_not_have(triggers: list[object], chosen: str, problem: str) -> None:
    """The message has those it has."""
    with pytest.raises(EventError) as raised:
        function_event(function(*triggers), chosen)
    assert str(raised.value) == problem


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (
            {"bucket": "uploads", "prefix": "in box/", "suffix": ".csv"},
            ("ObjectCreated:Put", {"key": "in+box/ada+lovelace.csv", "size": 1024}),
        ),
        (
            {"bucket": "uploads", "events": ["s3:ObjectRemoved:*"]},
            ("ObjectRemoved:Delete", {"key": "ada+lovelace"}),
        ),
    ],
)
def test_keys_of_s3_are_url_encoded(declared: dict[str, Any], expected: tuple[str, dict[str, Any]]) -> None:
    """With + for a space; a removed object has neither size nor tag."""
    [record] = function_event(function({"s3": declared}))["Records"]
    changed = {key: value for key, value in record["s3"]["object"].items() if key in {"key", "size"}}
    assert (record["eventName"], changed) == expected


def test_messages_of_sns_have_the_attributes_of_the_filter_policy() -> None:
    """Without them the subscription would not deliver."""
    policy = {"kind": ["order", "offer"], "amount": [{"numeric": [">", 0]}]}
    [record] = function_event(function({"sns": {"topic": "news", "filter_policy": policy}}))["Records"]
    assert record["Sns"]["MessageAttributes"] == {"kind": {"Type": "String", "Value": "order"}}
