"""What is refused at sign-up, at sign-in and with codes: code and message, as AWS words them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from tests.integration.cognito.harness import PASSWORD, LocalAws, PoolUnderTest, refused

ADA = "ada@example.com"
EVE = "eve@example.com"
WRONG = ("NotAuthorizedException", "Incorrect username or password.")
MISMATCH = ("CodeMismatchException", "Invalid verification code provided, please try again.")
EXPIRED = ("ExpiredCodeException", "Invalid code provided, please request a code again.")
LIMIT = ("LimitExceededException", "Attempt limit exceeded, please try after some time.")


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


def test_unconfirmed_user_cannot_sign_in(pool: PoolUnderTest) -> None:
    """Only who knows the password is told why."""
    pool.sign_up(ADA)
    with pytest.raises(ClientError) as error:
        pool.sign_in(ADA)
    assert refused(error) == ("UserNotConfirmedException", "User is not confirmed.")
    with pytest.raises(ClientError) as error:
        pool.sign_in(ADA, "Wrong-horse-1")
    assert refused(error) == WRONG


def test_wrong_code_is_refused(aws: LocalAws, pool: PoolUnderTest) -> None:
    pool.sign_up(ADA)
    wrong = f"{(int(aws.code(ADA)) + 1) % 10**6:06d}"
    with pytest.raises(ClientError) as error:
        pool.confirm(ADA, wrong)
    assert refused(error) == MISMATCH


def test_code_of_another_user_is_refused(aws: LocalAws, pool: PoolUnderTest) -> None:
    pool.sign_up(ADA)
    pool.sign_up(EVE)
    while aws.code(ADA) == aws.code(EVE):
        pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username=EVE)
    with pytest.raises(ClientError) as error:
        pool.confirm(ADA, aws.code(EVE))
    assert refused(error) == MISMATCH


def test_code_expires_after_a_day(aws: LocalAws, pool: PoolUnderTest) -> None:
    pool.sign_up(ADA)
    aws.clock.ahead = 24 * 3600 + 1
    with pytest.raises(ClientError) as error:
        pool.confirm(ADA)
    assert refused(error) == EXPIRED
    pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username=ADA)
    pool.confirm(ADA)


def test_new_code_replaces_the_last(aws: LocalAws, pool: PoolUnderTest) -> None:
    pool.sign_up(ADA)
    first = aws.code(ADA)
    while aws.code(ADA) == first:
        pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username=ADA)
    with pytest.raises(ClientError) as error:
        pool.confirm(ADA, first)
    assert refused(error) == MISMATCH
    pool.confirm(ADA)


def test_codes_cannot_be_guessed(aws: LocalAws, pool: PoolUnderTest) -> None:
    """After five wrong codes the right one is refused, too, for an hour."""
    pool.sign_up(ADA)
    right = aws.code(ADA)
    for number in range(1, 6):
        with pytest.raises(ClientError) as error:
            pool.confirm(ADA, f"{(int(right) + number) % 10**6:06d}")
        assert refused(error) == MISMATCH
    with pytest.raises(ClientError) as error:
        pool.confirm(ADA, right)
    assert refused(error) == LIMIT
    aws.clock.ahead = 3601
    pool.confirm(ADA, right)


def test_codes_are_not_sent_without_end(pool: PoolUnderTest) -> None:
    pool.sign_up(ADA)
    for _ in range(19):
        pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username=ADA)
    with pytest.raises(ClientError) as error:
        pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username=ADA)
    assert refused(error) == LIMIT


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


def test_only_administrators_sign_up_where_the_pool_says_so(aws: LocalAws) -> None:
    pool = aws.pool(AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
    with pytest.raises(ClientError) as error:
        pool.sign_up(ADA)
    assert refused(error) == ("NotAuthorizedException", "SignUp is not permitted for this user pool")
