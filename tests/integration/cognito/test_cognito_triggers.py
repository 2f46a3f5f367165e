"""Calls of Lambda triggers: events and their order, and functions that are slow, missing or wrong."""

import time

import pytest
from botocore.exceptions import ClientError

from tests.integration.cognito.harness import Event, LocalAws, PoolUnderTest, arn, claims, refused
from tests.integration.cognito.trigger_answers import ADA, with_triggers
from toolchain.events.cognito import cognito_event
from toolchain.manifest.cognito_trigger import CognitoTrigger


def test_order_and_shape_of_a_whole_life(aws: LocalAws) -> None:
    """Each event has exactly the members that the samples of toolchain.events have."""
    names = (
        *("PreSignUp", "CustomMessage", "PostConfirmation", "PreAuthentication", "PostAuthentication"),
        "PreTokenGeneration",
    )
    pool = with_triggers(aws, *names)
    hiding = pool.app_client(PreventUserExistenceErrors="ENABLED")["ClientId"]
    pool = PoolUnderTest(aws, pool.id, hiding)
    pool.confirmed(ADA)
    tokens = pool.sign_in(ADA)
    pool.idp.get_tokens_from_refresh_token(ClientId=pool.client_id, RefreshToken=tokens["RefreshToken"])
    assert aws.functions.sources() == [
        "PreSignUp_SignUp",
        "CustomMessage_SignUp",
        "PostConfirmation_ConfirmSignUp",
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_Authentication",
        "TokenGeneration_RefreshTokens",
    ]
    for name, event in aws.functions.calls:
        sample = cognito_event(CognitoTrigger.model_validate({"trigger": name}), event["triggerSource"])
        assert event.keys() == sample.keys()
        assert event["request"].keys() == sample["request"].keys()
        assert event["response"] == sample["response"]
        optional = {"name"}
        wanted = sample["request"]["userAttributes"].keys() - optional
        assert event["request"]["userAttributes"].keys() == wanted


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b"", "Invalid lambda function output : Invalid JSON"),
        (b"{", "Invalid lambda function output : Invalid JSON"),
        (None, "Unrecognizable lambda output"),
        ("text", "Unrecognizable lambda output"),
        ({}, "Unrecognizable lambda output"),
        ({"response": {}}, "Unrecognizable lambda output"),
    ],
)
def test_answer_has_to_be_the_event(aws: LocalAws, answer: object, message: str) -> None:
    aws.functions.handlers["PreSignUp"] = lambda _event: answer
    pool = with_triggers(aws, "PreSignUp")
    with pytest.raises(ClientError) as error:
        pool.sign_up(ADA)
    assert refused(error) == ("InvalidLambdaResponseException", message)


@pytest.mark.parametrize("member", ["userName", "triggerSource", "request", "callerContext", "version"])
def test_only_the_response_may_differ(aws: LocalAws, member: str) -> None:
    aws.functions.handlers["PreSignUp"] = lambda event: {**event, member: "changed"}
    pool = with_triggers(aws, "PreSignUp")
    with pytest.raises(ClientError) as error:
        pool.sign_up(ADA)
    assert refused(error) == ("InvalidLambdaResponseException", "Unrecognizable lambda output")


def test_function_that_takes_too_long_is_tried_three_times(aws: LocalAws) -> None:
    aws.functions.seconds["PreSignUp"] = 5.1
    pool = with_triggers(aws, "PreSignUp")
    with pytest.raises(ClientError) as error:
        pool.sign_up(ADA)
    assert refused(error) == (
        "UnexpectedLambdaException",
        "PreSignUp invocation failed due to error Socket timeout while invoking Lambda function.",
    )
    assert len(aws.functions.calls) == 3


def test_function_that_is_missing_is_not_tried_again(aws: LocalAws) -> None:
    pool = aws.pool(LambdaConfig={"PreSignUp": arn("missing")})
    with pytest.raises(ClientError) as error:
        pool.sign_up(ADA)
    assert refused(error) == (
        "UnexpectedLambdaException",
        "PreSignUp invocation failed due to error ResourceNotFoundException.",
    )


def test_encrypting_sender_is_named_as_not_supported(aws: LocalAws) -> None:
    sender = {"LambdaArn": arn("sender"), "LambdaVersion": "V1_0"}
    pool = aws.pool(
        LambdaConfig={"CustomEmailSender": sender, "KMSKeyID": "arn:aws:kms:eu-west-1:123456789012:key/1"}
    )
    with pytest.raises(ClientError) as error:
        pool.sign_up(ADA)
    code, message = refused(error)
    assert code == "NotSupportedLocally"
    assert message.startswith("the trigger CustomEmailSender is not supported locally")


def test_trigger_may_call_cognito(aws: LocalAws) -> None:
    """No lock is held while it runs: the group is there when the tokens are made."""

    def welcome(event: Event) -> Event:
        user = {"UserPoolId": event["userPoolId"], "Username": event["userName"]}
        aws.client().admin_add_user_to_group(**user, GroupName="new")
        return event

    aws.functions.handlers["PostConfirmation"] = welcome
    pool = with_triggers(aws, "PostConfirmation")
    pool.idp.create_group(UserPoolId=pool.id, GroupName="new")
    pool.confirmed(ADA)
    assert claims(pool.sign_in(ADA)["IdToken"])["cognito:groups"] == ["new"]


def test_slow_trigger_holds_nobody_else_up(aws: LocalAws) -> None:
    """While one sign-up waits for its function, others go on."""

    def slow(event: Event) -> Event:
        if event["request"]["userAttributes"]["email"] == ADA:
            before = time.monotonic()
            pool.sign_up("eve@example.com")
            took.append(time.monotonic() - before)
        return event

    took: list[float] = []
    aws.functions.handlers["PreSignUp"] = slow
    pool = with_triggers(aws, "PreSignUp")
    pool.sign_up(ADA)
    assert len(took) == 1
