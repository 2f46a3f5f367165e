"""Signing up, with boto3: codes, confirmation, and what is refused."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

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


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("Aa1!", "Password not long enough"),
        ("correct-horse-1", "Password must have uppercase characters"),
        ("CORRECT-HORSE-1", "Password must have lowercase characters"),
        ("Correct-horse-", "Password must have numeric characters"),
        ("Correcthorse1", "Password must have symbol characters"),
    ],
)
def test_password_has_to_conform(pool: PoolUnderTest, password: str, rule: str) -> None:
    with pytest.raises(ClientError) as error:
        pool.sign_up(ADA, password)
    message = f"Password did not conform with policy: {rule}"
    # boto3 itself refuses passwords under 6 characters only in some versions: ours is AWS's code.
    assert refused(error) == ("InvalidPasswordException", message)


@pytest.mark.parametrize("name", ["ada", "ada@", "@example.com", "+44", "ada@example"])
def test_username_has_to_be_an_email(pool: PoolUnderTest, name: str) -> None:
    with pytest.raises(ClientError) as error:
        pool.sign_up(name)
    assert refused(error) == ("InvalidParameterException", "Username should be an email.")


@pytest.mark.parametrize(
    ("attribute", "value", "expected"),
    [
        (
            "custom:colour",
            "red",
            (
                "InvalidParameterException",
                (
                    "Attributes did not conform to the schema: custom:colour: Attribute does not exist in the"
                    " schema.\n"
                ),
            ),
        ),
        ("phone_number", "123", ("InvalidParameterException", "Invalid phone number format.")),
        (
            "email_verified",
            "true",
            ("NotAuthorizedException", "A client attempted to write unauthorized attribute"),
        ),
    ],
)
def test_attribute_has_to_be_known_and_allowed(
    pool: PoolUnderTest, attribute: str, value: str, expected: tuple[str, str]
) -> None:
    """`email_verified` above all: who could set it could take over addresses."""
    with pytest.raises(ClientError) as error:
        pool.sign_up(ADA, UserAttributes=[{"Name": attribute, "Value": value}])
    assert refused(error) == expected


def test_required_attribute_is_missed(aws: LocalAws) -> None:
    schema = [{"Name": "name", "AttributeDataType": "String", "Required": True, "Mutable": True}]
    with pytest.raises(ClientError) as error:
        aws.pool(Schema=schema).sign_up(ADA)
    assert refused(error) == (
        "InvalidParameterException",
        "Attributes did not conform to the schema: name: The attribute is required\n",
    )


def test_email_signs_up_once(pool: PoolUnderTest) -> None:
    pool.sign_up(ADA)
    with pytest.raises(ClientError) as error:
        pool.sign_up(ADA)
    assert refused(error) == (
        "UsernameExistsException",
        "An account with the given email already exists.",
    )


def test_of_many_at_once_one_gets_the_email(pool: PoolUnderTest) -> None:
    def sign_up(_number: int) -> str:
        try:
            pool.sign_up(ADA)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "signed up"

    with ThreadPoolExecutor(8) as threads:
        outcomes = sorted(threads.map(sign_up, range(8)))
    assert outcomes == ["UsernameExistsException"] * 7 + ["signed up"]
    assert len(pool.idp.list_users(UserPoolId=pool.id)["Users"]) == 1


def test_many_different_users_sign_up_at_once(aws: LocalAws, pool: PoolUnderTest) -> None:
    names = [f"user{number}@example.com" for number in range(60)]
    with ThreadPoolExecutor(16) as threads:
        subs = [answer["UserSub"] for answer in threads.map(pool.sign_up, names)]
        list(threads.map(pool.confirm, names))
    assert len(set(subs)) == 60
    assert {message["recipient"] for message in aws.inbox()} == set(names)
    users = pool.idp.list_users(UserPoolId=pool.id, Filter='cognito:user_status = "CONFIRMED"')["Users"]
    assert {user["Username"] for user in users} == set(subs)


def test_case_of_an_email_does_not_matter_where_the_pool_says_so(aws: LocalAws) -> None:
    pool = aws.pool(UsernameConfiguration={"CaseSensitive": False})
    pool.confirmed(ADA)
    with pytest.raises(ClientError) as error:
        pool.sign_up("Ada@Example.com")
    assert refused(error)[0] == "UsernameExistsException"
    assert pool.sign_in("ADA@example.com")["TokenType"] == "Bearer"


def test_only_administrators_sign_up_where_the_pool_says_so(aws: LocalAws) -> None:
    pool = aws.pool(AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
    with pytest.raises(ClientError) as error:
        pool.sign_up(ADA)
    assert refused(error) == ("NotAuthorizedException", "SignUp is not permitted for this user pool")
