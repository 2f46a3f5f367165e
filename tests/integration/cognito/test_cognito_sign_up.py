"""Signing up, with boto3: codes, confirmation, and what is refused."""

from typing import Any

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from tests.integration.cognito.harness import LocalAws, PoolUnderTest, refused

ADA = "ada@example.com"


def test_user_signs_up_confirms_and_signs_in(aws: LocalAws, pool: PoolUnderTest) -> None:
    """The tour: the code is in the inbox, the tokens are those of the user."""
    answer = pool.sign_up(ADA)
    assert answer["UserConfirmed"] is False
    assert answer["CodeDeliveryDetails"] == {
        "Destination": "a***@e***",
        "DeliveryMedium": "EMAIL",
        "AttributeName": "email",
    }
    [message] = aws.inbox(ADA)
    assert message["code"] in message["text"]

    pool.confirm(ADA, message["code"])
    tokens = pool.sign_in(ADA)
    user = pool.idp.get_user(AccessToken=tokens["AccessToken"])
    assert user["Username"] == answer["UserSub"]
    assert {item["Name"]: item["Value"] for item in user["UserAttributes"]} == {
        "sub": answer["UserSub"],
        "email": ADA,
        "email_verified": "true",
    }


def test_post_confirmation_gets_the_event(aws: LocalAws) -> None:
    """The user is confirmed and verified in it; the client's id and metadata are there."""
    aws.functions.handlers["welcome"] = lambda event: event
    pool = aws.pool(
        LambdaConfig={"PostConfirmation": "arn:aws:lambda:eu-west-1:123456789012:function:welcome"}
    )
    sub = pool.sign_up(ADA)["UserSub"]
    pool.idp.confirm_sign_up(
        ClientId=pool.client_id,
        Username=ADA,
        ConfirmationCode=aws.code(ADA),
        ClientMetadata={"campaign": "spring"},
    )
    assert aws.functions.events("welcome") == [
        {
            "version": "1",
            "triggerSource": "PostConfirmation_ConfirmSignUp",
            "region": "eu-west-1",
            "userPoolId": pool.id,
            "userName": sub,
            "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": pool.client_id},
            "request": {
                "userAttributes": {
                    "sub": sub,
                    "cognito:user_status": "CONFIRMED",
                    "email": ADA,
                    "email_verified": "true",
                },
                "clientMetadata": {"campaign": "spring"},
            },
            "response": {},
        }
    ]


def test_failing_post_confirmation_reaches_the_client_once(aws: LocalAws) -> None:
    """The user stays confirmed, and the function is not called again."""

    def fail(_event: dict[str, Any]) -> None:
        raise RuntimeError("no database")

    aws.functions.handlers["welcome"] = fail
    pool = aws.pool(
        LambdaConfig={"PostConfirmation": "arn:aws:lambda:eu-west-1:123456789012:function:welcome"}
    )
    pool.sign_up(ADA)
    with pytest.raises(ClientError) as error:
        pool.confirm(ADA)
    assert refused(error) == (
        "UserLambdaValidationException",
        "PostConfirmation failed with error no database.",
    )
    assert pool.sign_in(ADA)["TokenType"] == "Bearer"
    with pytest.raises(ClientError) as again:
        pool.confirm(ADA, "123456")
    assert refused(again) == (
        "NotAuthorizedException",
        "User cannot be confirmed. Current status is CONFIRMED",
    )
    assert len(aws.functions.calls) == 1
