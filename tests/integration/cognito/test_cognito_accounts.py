"""What users do with their account: passwords, tokens, attributes."""

import pytest
from botocore.exceptions import ClientError

from tests.integration.cognito.harness import PASSWORD, Event, LocalAws, PoolUnderTest, arn, refused
from tests.integration.cognito.refusals import WRONG

ADA = "ada@example.com"
NEW = "Staple-battery-2"


def attributes(pool: PoolUnderTest, name: str = ADA) -> dict[str, str]:
    user = pool.idp.admin_get_user(UserPoolId=pool.id, Username=name)
    return {item["Name"]: item["Value"] for item in user["UserAttributes"]}


def test_forgotten_password_is_replaced(aws: LocalAws) -> None:
    """The code is good for an hour, and once; PostConfirmation fires, with its own source."""
    aws.functions.handlers["welcome"] = lambda event: event
    pool = aws.pool(LambdaConfig={"PostConfirmation": arn("welcome")})
    pool.confirmed(ADA)
    answer = pool.idp.forgot_password(ClientId=pool.client_id, Username=ADA)
    assert answer["CodeDeliveryDetails"]["Destination"] == "a***@e***"
    chosen = {"ClientId": pool.client_id, "Username": ADA, "Password": NEW}
    pool.idp.confirm_forgot_password(**chosen, ConfirmationCode=aws.code(ADA))
    assert pool.sign_in(ADA, NEW)["TokenType"] == "Bearer"
    with pytest.raises(ClientError) as error:
        pool.sign_in(ADA)
    assert refused(error) == WRONG
    with pytest.raises(ClientError) as error:
        pool.idp.confirm_forgot_password(**chosen, ConfirmationCode=aws.code(ADA))
    assert refused(error)[0] == "ExpiredCodeException"
    assert aws.functions.sources() == [
        "PostConfirmation_ConfirmSignUp",
        "PostConfirmation_ConfirmForgotPassword",
    ]


def test_code_for_a_forgotten_password_expires_after_an_hour(aws: LocalAws, pool: PoolUnderTest) -> None:
    pool.confirmed(ADA)
    pool.idp.forgot_password(ClientId=pool.client_id, Username=ADA)
    aws.clock.ahead = 3601
    with pytest.raises(ClientError) as error:
        pool.idp.confirm_forgot_password(
            ClientId=pool.client_id, Username=ADA, Password=NEW, ConfirmationCode=aws.code(ADA)
        )
    assert refused(error)[0] == "ExpiredCodeException"


def test_unverified_user_cannot_recover_a_password(pool: PoolUnderTest) -> None:
    pool.sign_up(ADA)
    with pytest.raises(ClientError) as error:
        pool.idp.forgot_password(ClientId=pool.client_id, Username=ADA)
    assert refused(error) == (
        "InvalidParameterException",
        "Cannot reset password for the user as there is no registered/verified email or phone_number",
    )


def test_password_is_changed_by_who_knows_it(pool: PoolUnderTest) -> None:
    pool.confirmed(ADA)
    token = pool.sign_in(ADA)["AccessToken"]
    with pytest.raises(ClientError) as error:
        pool.idp.change_password(AccessToken=token, PreviousPassword=NEW, ProposedPassword=NEW)
    assert refused(error) == WRONG
    pool.idp.change_password(AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword=NEW)
    assert pool.sign_in(ADA, NEW)["TokenType"] == "Bearer"


def test_refresh_token_gives_new_tokens(pool: PoolUnderTest) -> None:
    pool.confirmed(ADA)
    first = pool.sign_in(ADA)
    for answer in (
        pool.idp.initiate_auth(
            ClientId=pool.client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": first["RefreshToken"]},
        ),
        pool.idp.get_tokens_from_refresh_token(ClientId=pool.client_id, RefreshToken=first["RefreshToken"]),
    ):
        again = answer["AuthenticationResult"]
        assert again["AccessToken"] != first["AccessToken"]
        assert "RefreshToken" not in again
        assert pool.idp.get_user(AccessToken=again["AccessToken"])["Username"]


def test_lifetimes_are_those_of_the_client(aws: LocalAws, pool: PoolUnderTest) -> None:
    client_id = pool.app_client(
        AccessTokenValidity=5,
        RefreshTokenValidity=1,
        TokenValidityUnits={"AccessToken": "minutes", "RefreshToken": "hours"},
    )["ClientId"]
    pool = PoolUnderTest(aws, pool.id, client_id)
    pool.confirmed(ADA)
    tokens = pool.sign_in(ADA)
    assert tokens["ExpiresIn"] == 300
    aws.clock.ahead = 301
    with pytest.raises(ClientError) as error:
        pool.idp.get_user(AccessToken=tokens["AccessToken"])
    assert refused(error) == ("NotAuthorizedException", "Access Token has expired")
    aws.clock.ahead = 3601
    with pytest.raises(ClientError) as error:
        pool.idp.get_tokens_from_refresh_token(ClientId=client_id, RefreshToken=tokens["RefreshToken"])
    assert refused(error) == ("NotAuthorizedException", "Refresh Token has expired")


def test_refresh_tokens_rotate(aws: LocalAws, pool: PoolUnderTest) -> None:
    """The last one works for the grace period, so that an answer that got lost can be asked for again."""
    client_id = pool.app_client(
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
        RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},
    )["ClientId"]
    pool = PoolUnderTest(aws, pool.id, client_id)
    pool.confirmed(ADA)
    first = pool.sign_in(ADA)["RefreshToken"]

    def refresh(token: str) -> str:
        answer = pool.idp.get_tokens_from_refresh_token(ClientId=client_id, RefreshToken=token)
        return str(answer["AuthenticationResult"]["RefreshToken"])

    second = refresh(first)
    assert refresh(first) not in (first, second)
    aws.clock.ahead = 11
    with pytest.raises(ClientError) as error:
        refresh(first)
    assert refused(error)[0] == "RefreshTokenReuseException"
    assert refresh(second)


def test_refresh_token_is_replaced_once(aws: LocalAws) -> None:
    """Of two requests at once with a token that has no grace period, one gets the successor."""
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    pool = aws.pool(LambdaConfig={"PreTokenGeneration": arn("tokens")})
    client_id = pool.app_client(
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"], RefreshTokenRotation=rotation
    )["ClientId"]
    pool = PoolUnderTest(aws, pool.id, client_id)
    answers: list[str] = []

    def refresh_meanwhile(event: Event) -> Event:
        if len(aws.functions.events("tokens")) == 2:
            answers.append(refresh())
        return event

    aws.functions.handlers["tokens"] = refresh_meanwhile
    pool.confirmed(ADA)
    first = pool.sign_in(ADA)["RefreshToken"]

    def refresh() -> str:
        answer = pool.idp.get_tokens_from_refresh_token(ClientId=client_id, RefreshToken=first)
        return str(answer["AuthenticationResult"]["RefreshToken"])

    with pytest.raises(ClientError) as error:
        refresh()
    assert refused(error)[0] == "RefreshTokenReuseException"
    assert len(answers) == 1


def test_refresh_token_of_another_client_is_refused(pool: PoolUnderTest) -> None:
    pool.confirmed(ADA)
    token = pool.sign_in(ADA)["RefreshToken"]
    other = pool.app_client()["ClientId"]
    with pytest.raises(ClientError) as error:
        pool.idp.get_tokens_from_refresh_token(ClientId=other, RefreshToken=token)
    assert refused(error) == ("NotAuthorizedException", "Invalid Refresh Token")
    with pytest.raises(ClientError) as error:
        pool.idp.revoke_token(ClientId=other, Token=token)
    assert refused(error)[0] == "UnauthorizedException"


def test_revoked_sign_in_ends_and_others_do_not(pool: PoolUnderTest) -> None:
    pool.confirmed(ADA)
    phone, laptop = pool.sign_in(ADA), pool.sign_in(ADA)
    pool.idp.revoke_token(ClientId=pool.client_id, Token=phone["RefreshToken"])
    with pytest.raises(ClientError) as error:
        pool.idp.get_user(AccessToken=phone["AccessToken"])
    assert refused(error) == ("NotAuthorizedException", "Access Token has been revoked")
    with pytest.raises(ClientError) as error:
        pool.idp.get_tokens_from_refresh_token(ClientId=pool.client_id, RefreshToken=phone["RefreshToken"])
    assert refused(error) == ("NotAuthorizedException", "Refresh Token has been revoked")
    assert pool.idp.get_user(AccessToken=laptop["AccessToken"])["Username"]
    with pytest.raises(ClientError) as error:
        pool.idp.revoke_token(ClientId=pool.client_id, Token=laptop["AccessToken"])
    assert refused(error)[0] == "UnsupportedTokenTypeException"


def test_global_sign_out_ends_every_sign_in(pool: PoolUnderTest) -> None:
    pool.confirmed(ADA)
    phone, laptop = pool.sign_in(ADA), pool.sign_in(ADA)
    pool.idp.global_sign_out(AccessToken=phone["AccessToken"])
    for tokens in (phone, laptop):
        with pytest.raises(ClientError) as error:
            pool.idp.get_user(AccessToken=tokens["AccessToken"])
        assert refused(error) == ("NotAuthorizedException", "Access Token has been revoked")


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", ""])
def test_what_is_no_access_token_is_refused(pool: PoolUnderTest, token: str) -> None:
    with pytest.raises(ClientError) as error:
        pool.idp.get_user(AccessToken=token)
    assert refused(error) == ("NotAuthorizedException", "Invalid Access Token")


def test_id_token_is_no_access_token(pool: PoolUnderTest) -> None:
    pool.confirmed(ADA)
    with pytest.raises(ClientError) as error:
        pool.idp.get_user(AccessToken=pool.sign_in(ADA)["IdToken"])
    assert refused(error) == ("NotAuthorizedException", "Invalid Access Token")


def test_user_deletes_the_account(pool: PoolUnderTest) -> None:
    """The e-mail may sign up again, as somebody else."""
    sub = pool.confirmed(ADA)
    tokens = pool.sign_in(ADA)
    pool.idp.delete_user(AccessToken=tokens["AccessToken"])
    with pytest.raises(ClientError) as error:
        pool.sign_in(ADA)
    assert refused(error)[0] == "UserNotFoundException"
    with pytest.raises(ClientError) as error:
        pool.idp.get_user(AccessToken=tokens["AccessToken"])
    assert refused(error) == ("NotAuthorizedException", "Access Token has been revoked")
    assert pool.confirmed(ADA) != sub


def test_new_email_has_to_be_verified(aws: LocalAws, pool: PoolUnderTest) -> None:
    pool.confirmed(ADA)
    token = pool.sign_in(ADA)["AccessToken"]
    answer = pool.idp.update_user_attributes(
        AccessToken=token,
        UserAttributes=[{"Name": "email", "Value": "countess@example.com"}, {"Name": "name", "Value": "Ada"}],
    )
    assert answer["CodeDeliveryDetailsList"] == [
        {"Destination": "c***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    ]
    found = attributes(pool, "countess@example.com")
    assert (found["name"], found["email_verified"]) == ("Ada", "false")
    with pytest.raises(ClientError) as error:
        pool.idp.verify_user_attribute(AccessToken=token, AttributeName="email", Code="000000x")
    assert refused(error)[0] == "CodeMismatchException"
    code = aws.code("countess@example.com")
    pool.idp.verify_user_attribute(AccessToken=token, AttributeName="email", Code=code)
    assert attributes(pool, "countess@example.com")["email_verified"] == "true"
    with pytest.raises(ClientError) as error:
        pool.sign_in(ADA)
    assert refused(error)[0] == "UserNotFoundException"


def test_old_email_stays_until_the_new_one_is_verified(aws: LocalAws) -> None:
    keep = {"AttributesRequireVerificationBeforeUpdate": ["email"]}
    pool = aws.pool(UserAttributeUpdateSettings=keep)
    pool.confirmed(ADA)
    token = pool.sign_in(ADA)["AccessToken"]
    new = "countess@example.com"
    pool.idp.update_user_attributes(AccessToken=token, UserAttributes=[{"Name": "email", "Value": new}])
    assert attributes(pool)["email"] == ADA
    pool.idp.verify_user_attribute(AccessToken=token, AttributeName="email", Code=aws.code(new))
    assert attributes(pool, new)["email_verified"] == "true"


def test_email_of_somebody_else_is_refused(pool: PoolUnderTest) -> None:
    pool.confirmed(ADA)
    pool.confirmed("eve@example.com")
    token = pool.sign_in("eve@example.com")["AccessToken"]
    with pytest.raises(ClientError) as error:
        pool.idp.update_user_attributes(AccessToken=token, UserAttributes=[{"Name": "email", "Value": ADA}])
    assert refused(error) == ("AliasExistsException", "An account with the given email already exists.")


def test_attributes_are_deleted_and_codes_are_sent_again(aws: LocalAws, pool: PoolUnderTest) -> None:
    pool.confirmed(ADA)
    token = pool.sign_in(ADA)["AccessToken"]
    pool.idp.update_user_attributes(AccessToken=token, UserAttributes=[{"Name": "name", "Value": "Ada"}])
    pool.idp.delete_user_attributes(AccessToken=token, UserAttributeNames=["name"])
    assert "name" not in attributes(pool)
    answer = pool.idp.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    assert answer["CodeDeliveryDetails"]["AttributeName"] == "email"
    pool.idp.verify_user_attribute(AccessToken=token, AttributeName="email", Code=aws.code(ADA))


def test_aliases_count_once_they_are_verified(aws: LocalAws) -> None:
    """Anybody can claim an e-mail at sign-up; it becomes a name to sign in with by its code."""
    pool = aws.pool(UsernameAttributes=None, AliasAttributes=["email"])
    email = [{"Name": "email", "Value": ADA}]
    for name in ("ada", "eve"):
        pool.sign_up(name, UserAttributes=email)
    codes = {message["username"]: message["code"] for message in aws.inbox(ADA)}
    pool.confirm("ada", codes["ada"])
    assert pool.sign_in(ADA)["TokenType"] == "Bearer"
    with pytest.raises(ClientError) as error:
        pool.confirm("eve", codes["eve"])
    assert refused(error) == ("AliasExistsException", "An account with the given email already exists.")
    pool.idp.confirm_sign_up(
        ClientId=pool.client_id, Username="eve", ConfirmationCode=codes["eve"], ForceAliasCreation=True
    )
    token = pool.sign_in(ADA)["AccessToken"]
    assert pool.idp.get_user(AccessToken=token)["Username"] == "eve"
    assert attributes(pool, "ada")["email_verified"] == "false"
