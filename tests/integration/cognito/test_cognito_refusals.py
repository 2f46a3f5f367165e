"""Refusals at sign-in, and of users, flows, clients and pools that are not there."""

from collections.abc import Callable

import pytest
import requests
from botocore.exceptions import ClientError

from tests.integration.cognito.harness import PASSWORD, LocalAws, PoolUnderTest, refused
from tests.integration.cognito.refusals import EXPIRED, MISMATCH, WRONG

ADA = "ada@example.com"


def test_unconfirmed_user_cannot_sign_in(pool: PoolUnderTest) -> None:
    """Only who knows the password is told why."""
    pool.sign_up(ADA)
    with pytest.raises(ClientError) as error:
        pool.sign_in(ADA)
    assert refused(error) == ("UserNotConfirmedException", "User is not confirmed.")
    with pytest.raises(ClientError) as error:
        pool.sign_in(ADA, "Wrong-horse-1")
    assert refused(error) == WRONG


def test_wrong_passwords_lock_the_user_out(aws: LocalAws, pool: PoolUnderTest) -> None:
    """The fifth for a second, each more for twice as long; attempts meanwhile don't count."""
    pool.confirmed(ADA)
    for _ in range(5):
        with pytest.raises(ClientError) as error:
            pool.sign_in(ADA, "Wrong-horse-1")
        assert refused(error) == WRONG
    for seconds in (1, 2, 4, 8):
        with pytest.raises(ClientError) as error:
            pool.sign_in(ADA)
        assert refused(error) == ("NotAuthorizedException", "Password attempts exceeded")
        aws.clock.ahead += seconds
        with pytest.raises(ClientError) as error:
            pool.sign_in(ADA, "Wrong-horse-1")
        assert refused(error) == WRONG
    aws.clock.ahead += 16
    assert pool.sign_in(ADA)["TokenType"] == "Bearer"
    with pytest.raises(ClientError) as error:
        pool.sign_in(ADA, "Wrong-horse-1")
    assert refused(error) == WRONG


type Call = Callable[[PoolUnderTest], object]
NOBODY = "nobody@example.com"


@pytest.mark.parametrize(
    ("call", "legacy", "hidden"),
    [
        (lambda pool: pool.sign_in(NOBODY), ("UserNotFoundException", "User does not exist."), WRONG),
        (
            lambda pool: pool.confirm(NOBODY, "123456"),
            ("UserNotFoundException", "Username/client id combination not found."),
            EXPIRED,
        ),
        (
            lambda pool: pool.idp.confirm_forgot_password(
                ClientId=pool.client_id, Username=NOBODY, ConfirmationCode="123456", Password=PASSWORD
            ),
            ("UserNotFoundException", "Username/client id combination not found."),
            MISMATCH,
        ),
    ],
)
def test_unknown_user_is_refused(
    pool: PoolUnderTest, call: Call, legacy: tuple[str, str], hidden: tuple[str, str]
) -> None:
    """With PreventUserExistenceErrors, as a user would be who got it wrong."""
    hiding = pool.app_client(PreventUserExistenceErrors="ENABLED")["ClientId"]
    for client_id, expected in ((pool.client_id, legacy), (hiding, hidden)):
        with pytest.raises(ClientError) as error:
            call(PoolUnderTest(pool.aws, pool.id, client_id))
        assert refused(error) == expected


def test_codes_for_unknown_users_seem_to_be_sent(aws: LocalAws, pool: PoolUnderTest) -> None:
    client_id = pool.app_client(PreventUserExistenceErrors="ENABLED")["ClientId"]
    for call in (pool.idp.forgot_password, pool.idp.resend_confirmation_code):
        answer = call(ClientId=client_id, Username=NOBODY)
        assert answer["CodeDeliveryDetails"]["Destination"] == "n***@e***"
    assert aws.inbox() == []


@pytest.mark.parametrize(
    ("flow", "message"),
    [
        ("ADMIN_USER_PASSWORD_AUTH", "Initiate Auth method not supported."),
        ("CUSTOM_AUTH", "CUSTOM_AUTH flow not enabled for this client"),
    ],
)
def test_flow_has_to_be_allowed(pool: PoolUnderTest, flow: str, message: str) -> None:
    client_id = pool.app_client(ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])["ClientId"]
    with pytest.raises(ClientError) as error:
        pool.idp.initiate_auth(ClientId=client_id, AuthFlow=flow, AuthParameters={"USERNAME": ADA})
    assert refused(error) == ("InvalidParameterException", message)


def test_what_is_not_supported_says_so(pool: PoolUnderTest) -> None:
    with pytest.raises(ClientError) as error:
        pool.idp.initiate_auth(
            ClientId=pool.client_id, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": ADA}
        )
    code, message = refused(error)
    assert code == "NotSupportedLocally"
    assert message.startswith("AuthFlow USER_AUTH")
    with pytest.raises(ClientError) as error:
        pool.idp.start_web_authn_registration(AccessToken="token")
    assert refused(error) == (
        "NotSupportedLocally",
        "cognito-idp: StartWebAuthnRegistration is not supported locally",
    )


def test_unknown_client_and_pool_are_named(pool: PoolUnderTest) -> None:
    with pytest.raises(ClientError) as error:
        pool.idp.sign_up(ClientId="missing", Username=ADA, Password=PASSWORD)
    assert refused(error) == ("ResourceNotFoundException", "User pool client missing does not exist.")
    with pytest.raises(ClientError) as error:
        pool.idp.admin_get_user(UserPoolId="eu-west-1_missing", Username=ADA)
    assert refused(error) == ("ResourceNotFoundException", "User pool eu-west-1_missing does not exist.")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"Password": "\\ud800Aa1!aaaa"}', "The request is not Unicode"),
        ('{"UserAttributes": [{"Name": "\\udfff", "Value": "x"}]}', "The request is not Unicode"),
        (b'{"Username": "\xed\xa0\x80"}', "The request is not Unicode"),
        (b'{"Username": "\xff"}', "The request is not Unicode"),
        ("{", "The request is not JSON"),
        ("[" * 200_000, "The request is not JSON"),
        ("[]", "The request is not a structure"),
    ],
)
def test_request_that_cannot_be_read_is_the_clients_mistake(
    pool: PoolUnderTest, body: str | bytes, message: str
) -> None:
    headers = {"x-amz-target": "AWSCognitoIdentityProviderService.SignUp"}
    answer = requests.post(pool.aws.url, data=body, headers=headers, timeout=10)
    assert (answer.status_code, answer.json()) == (
        400,
        {"__type": "SerializationException", "message": message},
    )


def test_surrogate_pairs_are_characters(pool: PoolUnderTest) -> None:
    """The AWS SDKs escape what is not ASCII."""
    assert pool.sign_up(ADA, PASSWORD + "\U0001f600")["UserSub"]
