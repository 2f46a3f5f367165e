"""Lambda triggers: events, order, and what a wrong answer leads to."""

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from joserfc import jws

from tests.integration.cognito.harness import PASSWORD, Event, LocalAws, PoolUnderTest, arn, refused
from tests.integration.cognito.trigger_answers import ADA, answering, with_triggers
from toolchain.events.cognito import cognito_event
from toolchain.manifest.cognito_trigger import CognitoTrigger


def claims(token: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(jws.extract_compact(token.encode()).payload)
    return found


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


def test_pre_sign_up_confirms_and_verifies(aws: LocalAws) -> None:
    aws.functions.handlers["PreSignUp"] = answering(autoConfirmUser=True, autoVerifyEmail=True)
    pool = with_triggers(aws, "PreSignUp", "PostConfirmation")
    answer = pool.sign_up(
        ADA, ValidationData=[{"Name": "invite", "Value": "42"}], ClientMetadata={"page": "home"}
    )
    assert answer["UserConfirmed"] is True
    assert pool.sign_in(ADA)["TokenType"] == "Bearer"
    assert aws.functions.sources() == ["PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"]
    request = aws.functions.events("PreSignUp")[0]["request"]
    assert request["validationData"] == {"invite": "42"}
    assert request["clientMetadata"] == {"page": "home"}
    assert (
        aws.functions.events("PostConfirmation")[0]["request"]["userAttributes"]["email_verified"] == "true"
    )
    assert aws.inbox() == []


def test_pre_sign_up_refuses(aws: LocalAws) -> None:
    """The user does not come to be."""

    def refuse(_event: Event) -> Event:
        raise PermissionError("by invitation only")

    aws.functions.handlers["PreSignUp"] = refuse
    pool = with_triggers(aws, "PreSignUp")
    with pytest.raises(ClientError) as error:
        pool.sign_up(ADA)
    assert refused(error) == (
        "UserLambdaValidationException",
        "PreSignUp failed with error by invitation only.",
    )
    assert pool.idp.list_users(UserPoolId=pool.id)["Users"] == []


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


def test_custom_message_is_sent(aws: LocalAws) -> None:
    aws.functions.handlers["CustomMessage"] = answering(
        emailSubject="Welcome", emailMessage="Type {####} to join."
    )
    pool = with_triggers(aws, "CustomMessage")
    pool.sign_up(ADA)
    [message] = aws.inbox(ADA)
    assert (message["subject"], message["text"]) == ("Welcome", f"Type {message['code']} to join.")


def test_custom_message_has_to_have_the_code(aws: LocalAws) -> None:
    aws.functions.handlers["CustomMessage"] = answering(emailMessage="Hello.")
    pool = with_triggers(aws, "CustomMessage")
    with pytest.raises(ClientError) as error:
        pool.sign_up(ADA)
    assert refused(error) == (
        "InvalidLambdaResponseException",
        "CustomMessage: the message lacks {####}, the place of the code",
    )


def test_pre_authentication_refuses(aws: LocalAws) -> None:
    def refuse(_event: Event) -> Event:
        raise PermissionError("closed")

    pool = with_triggers(aws, "PreAuthentication")
    pool.confirmed(ADA)
    aws.functions.handlers["PreAuthentication"] = refuse
    with pytest.raises(ClientError) as error:
        pool.idp.initiate_auth(
            ClientId=pool.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": ADA, "PASSWORD": PASSWORD},
            ClientMetadata={"device": "phone"},
        )
    assert refused(error) == (
        "UserLambdaValidationException",
        "PreAuthentication failed with error closed.",
    )
    [event] = aws.functions.events("PreAuthentication")
    assert event["request"]["validationData"] == {"device": "phone"}


def test_token_generation_changes_the_id_token(aws: LocalAws) -> None:
    """Version 1: claims and groups; what is protected stays."""
    changes = {
        "claimsToAddOrOverride": {"tenant": "acme", "sub": "forged", "iss": "forged"},
        "claimsToSuppress": ["email", "aud"],
        "groupOverrideDetails": {
            "groupsToOverride": ["guests"],
            "iamRolesToOverride": ["arn:aws:iam::123456789012:role/guest"],
            "preferredRole": "arn:aws:iam::123456789012:role/guest",
        },
    }
    aws.functions.handlers["PreTokenGeneration"] = answering(claimsOverrideDetails=changes)
    pool = with_triggers(aws, "PreTokenGeneration")
    sub = pool.confirmed(ADA)
    tokens = pool.sign_in(ADA)
    found = claims(tokens["IdToken"])
    assert (found["tenant"], found["sub"], found["aud"]) == ("acme", sub, pool.client_id)
    assert found["iss"].endswith(pool.id)
    assert "email" not in found
    assert found["cognito:groups"] == ["guests"]
    assert found["cognito:roles"] == ["arn:aws:iam::123456789012:role/guest"]
    access = claims(tokens["AccessToken"])
    assert "tenant" not in access
    assert access["cognito:groups"] == ["guests"]


def test_token_generation_changes_the_access_token(aws: LocalAws) -> None:
    """Version 2: claims of any type, and scopes."""
    details = {
        "accessTokenGeneration": {
            "claimsToAddOrOverride": {"limits": {"requests": 5}},
            "claimsToSuppress": ["event_id"],
            "scopesToAdd": ["things/read"],
            "scopesToSuppress": ["aws.cognito.signin.user.admin"],
        }
    }
    aws.functions.handlers["tokens"] = answering(claimsAndScopeOverrideDetails=details)
    config = {"LambdaArn": arn("tokens"), "LambdaVersion": "V2_0"}
    pool = aws.pool(LambdaConfig={"PreTokenGeneration": arn("tokens"), "PreTokenGenerationConfig": config})
    pool.confirmed(ADA)
    found = claims(pool.sign_in(ADA)["AccessToken"])
    assert (found["limits"], found["scope"]) == ({"requests": 5}, "things/read")
    assert "event_id" in found
    [event] = aws.functions.events("tokens")
    assert event["version"] == "2"
    assert event["request"]["scopes"] == ["aws.cognito.signin.user.admin"]


def elsewhere(event: Event) -> Event:
    """The directory that users are migrated from: it knows one, by the password."""
    known = event["userName"] == ADA and event["request"].get("password", PASSWORD) == PASSWORD
    if not known:
        raise PermissionError("unknown")
    response = {
        "userAttributes": {"email": ADA, "email_verified": "true", "name": "Ada"},
        "finalUserStatus": "CONFIRMED",
        "messageAction": "SUPPRESS",
    }
    return {**event, "response": {**event["response"], **response}}


def test_user_is_migrated_at_the_sign_in(aws: LocalAws) -> None:
    """Once; from then on the password is the pool's."""
    aws.functions.handlers["UserMigration"] = elsewhere
    pool = with_triggers(aws, "UserMigration")
    with pytest.raises(ClientError) as error:
        pool.sign_in(ADA, "Wrong-horse-1")
    assert refused(error)[0] == "UserNotFoundException"
    assert claims(pool.sign_in(ADA)["IdToken"])["name"] == "Ada"
    assert pool.sign_in(ADA)["TokenType"] == "Bearer"
    assert aws.functions.sources() == ["UserMigration_Authentication"] * 2


def test_user_is_migrated_with_a_new_password(aws: LocalAws) -> None:
    aws.functions.handlers["UserMigration"] = elsewhere
    pool = with_triggers(aws, "UserMigration")
    pool.idp.forgot_password(ClientId=pool.client_id, Username=ADA)
    pool.idp.confirm_forgot_password(
        ClientId=pool.client_id, Username=ADA, ConfirmationCode=aws.code(ADA), Password=PASSWORD
    )
    assert pool.sign_in(ADA)["TokenType"] == "Bearer"
    assert aws.functions.sources() == ["UserMigration_ForgotPassword"]


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
