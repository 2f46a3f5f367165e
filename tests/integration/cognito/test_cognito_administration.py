"""What administrators do, with boto3."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.cognito.harness import PASSWORD, LocalAws, PoolUnderTest, arn, refused

ADA = "ada@example.com"
NEW = "Staple-battery-2"


def create(pool: PoolUnderTest, name: str = ADA, **more: Any) -> dict[str, Any]:  # noqa: ANN401  AdminCreateUser's
    user: dict[str, Any] = pool.idp.admin_create_user(UserPoolId=pool.id, Username=name, **more)["User"]
    return user


def admin_sign_in(pool: PoolUnderTest, password: str) -> dict[str, Any]:
    answer: dict[str, Any] = pool.idp.admin_initiate_auth(
        UserPoolId=pool.id,
        ClientId=pool.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": ADA, "PASSWORD": password},
    )
    return answer


def test_invited_user_chooses_a_password(aws: LocalAws) -> None:
    """NEW_PASSWORD_REQUIRED; no PostConfirmation for users that an administrator makes."""
    names = ("PreSignUp", "PostConfirmation", "PreTokenGeneration")
    for name in names:
        aws.functions.handlers[name] = lambda event: event
    pool = aws.pool(LambdaConfig={name: arn(name) for name in names})
    user = create(pool, UserAttributes=[{"Name": "name", "Value": "Ada"}])
    assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    temporary = aws.code(ADA)
    challenge = admin_sign_in(pool, temporary)
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert challenge["ChallengeParameters"]["requiredAttributes"] == "[]"

    def respond(password: str) -> dict[str, Any]:
        answer: dict[str, Any] = pool.idp.admin_respond_to_auth_challenge(
            UserPoolId=pool.id,
            ClientId=pool.client_id,
            ChallengeName="NEW_PASSWORD_REQUIRED",
            ChallengeResponses={"USERNAME": ADA, "NEW_PASSWORD": password},
            Session=challenge["Session"],
        )
        return answer

    with pytest.raises(ClientError) as error:
        respond("tooshort")
    assert refused(error)[0] == "InvalidPasswordException"
    assert respond(NEW)["AuthenticationResult"]["TokenType"] == "Bearer"
    with pytest.raises(ClientError) as error:
        respond(NEW)
    assert refused(error)[0] == "NotAuthorizedException"
    assert aws.functions.sources() == [
        "PreSignUp_AdminCreateUser",
        "TokenGeneration_NewPasswordChallenge",
    ]


def test_temporary_password_expires(aws: LocalAws, pool: PoolUnderTest) -> None:
    create(pool, TemporaryPassword=PASSWORD)
    aws.clock.ahead = 7 * 86400 + 1
    with pytest.raises(ClientError) as error:
        admin_sign_in(pool, PASSWORD)
    assert refused(error) == (
        "NotAuthorizedException",
        "Temporary password has expired and must be reset by an administrator.",
    )
    create(pool, MessageAction="RESEND", TemporaryPassword=NEW)
    assert admin_sign_in(pool, NEW)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_user_is_made_without_a_message(aws: LocalAws, pool: PoolUnderTest) -> None:
    create(pool, MessageAction="SUPPRESS")
    assert aws.inbox() == []
    with pytest.raises(ClientError) as error:
        create(pool)
    assert refused(error) == ("UsernameExistsException", "User account already exists")


def test_password_is_set_for_good(pool: PoolUnderTest) -> None:
    create(pool, MessageAction="SUPPRESS")
    pool.idp.admin_set_user_password(UserPoolId=pool.id, Username=ADA, Password=NEW, Permanent=True)
    assert pool.sign_in(ADA, NEW)["TokenType"] == "Bearer"


def test_sign_up_is_confirmed_without_a_code(aws: LocalAws) -> None:
    """PostConfirmation fires, without a client; the e-mail stays unverified."""
    aws.functions.handlers["welcome"] = lambda event: event
    pool = aws.pool(LambdaConfig={"PostConfirmation": arn("welcome")})
    pool.sign_up(ADA)
    pool.idp.admin_confirm_sign_up(UserPoolId=pool.id, Username=ADA)
    [event] = aws.functions.events("welcome")
    assert event["triggerSource"] == "PostConfirmation_ConfirmSignUp"
    assert event["callerContext"]["clientId"] == "CLIENT_ID_NOT_APPLICABLE"
    assert event["request"]["userAttributes"]["email_verified"] == "false"


def test_reset_password_has_to_be_chosen_anew(aws: LocalAws, pool: PoolUnderTest) -> None:
    pool.confirmed(ADA)
    pool.idp.admin_reset_user_password(UserPoolId=pool.id, Username=ADA)
    with pytest.raises(ClientError) as error:
        pool.sign_in(ADA)
    assert refused(error) == ("PasswordResetRequiredException", "Password reset required for the user")
    pool.idp.confirm_forgot_password(
        ClientId=pool.client_id, Username=ADA, ConfirmationCode=aws.code(ADA), Password=NEW
    )
    assert pool.sign_in(ADA, NEW)["TokenType"] == "Bearer"


def test_disabled_user_is_out(pool: PoolUnderTest) -> None:
    pool.confirmed(ADA)
    token = pool.sign_in(ADA)["AccessToken"]
    pool.idp.admin_disable_user(UserPoolId=pool.id, Username=ADA)
    with pytest.raises(ClientError) as error:
        pool.sign_in(ADA)
    assert refused(error) == ("NotAuthorizedException", "User is disabled.")
    with pytest.raises(ClientError) as error:
        pool.idp.get_user(AccessToken=token)
    assert refused(error)[0] == "NotAuthorizedException"
    pool.idp.admin_enable_user(UserPoolId=pool.id, Username=ADA)
    assert pool.sign_in(ADA)["TokenType"] == "Bearer"


def test_new_user_takes_an_alias_if_told_to(aws: LocalAws) -> None:
    """ForceAliasCreation: whoever had it keeps the e-mail, and no longer signs in with it."""
    pool = aws.pool(UsernameAttributes=None, AliasAttributes=["email"])
    email = [{"Name": "email", "Value": ADA}, {"Name": "email_verified", "Value": "true"}]
    create(pool, "eve", UserAttributes=email)
    with pytest.raises(ClientError) as error:
        create(pool, "ada", UserAttributes=email)
    assert refused(error) == ("AliasExistsException", "An account with the given email already exists.")
    create(pool, "ada", UserAttributes=email, ForceAliasCreation=True)
    assert pool.idp.admin_get_user(UserPoolId=pool.id, Username=ADA)["Username"] == "ada"
    eve = pool.idp.admin_get_user(UserPoolId=pool.id, Username="eve")["UserAttributes"]
    assert {"Name": "email_verified", "Value": "false"} in eve


def test_users_are_listed_by_page_and_filter(pool: PoolUnderTest) -> None:
    names = [f"user{number}@example.com" for number in range(5)]
    for name in names:
        create(pool, name, MessageAction="SUPPRESS")
    pages = list(
        pool.idp.get_paginator("list_users").paginate(UserPoolId=pool.id, PaginationConfig={"PageSize": 2})
    )
    listed = [user for page in pages for user in page["Users"]]
    assert [len(page["Users"]) for page in pages] == [2, 2, 1]
    emails = {item["Value"] for user in listed for item in user["Attributes"] if item["Name"] == "email"}
    assert emails == set(names)
    found = pool.idp.list_users(UserPoolId=pool.id, Filter='email ^= "user3"', AttributesToGet=["email"])[
        "Users"
    ]
    assert [user["Attributes"] for user in found] == [[{"Name": "email", "Value": "user3@example.com"}]]
    assert pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["EstimatedNumberOfUsers"] == 5
    with pytest.raises(ClientError) as error:
        pool.idp.list_users(UserPoolId=pool.id, Filter='shoe_size = "38"')
    assert refused(error) == ("InvalidParameterException", "Invalid search attribute: shoe_size")


def test_groups_have_members(pool: PoolUnderTest) -> None:
    create(pool, MessageAction="SUPPRESS")
    for name in ("admins", "editors"):
        pool.idp.create_group(UserPoolId=pool.id, GroupName=name)
        pool.idp.admin_add_user_to_group(UserPoolId=pool.id, Username=ADA, GroupName=name)
    groups = pool.idp.admin_list_groups_for_user(UserPoolId=pool.id, Username=ADA)["Groups"]
    assert [group["GroupName"] for group in groups] == ["admins", "editors"]
    members = pool.idp.list_users_in_group(UserPoolId=pool.id, GroupName="admins")["Users"]
    assert len(members) == 1
    pool.idp.admin_remove_user_from_group(UserPoolId=pool.id, Username=ADA, GroupName="admins")
    assert pool.idp.list_users_in_group(UserPoolId=pool.id, GroupName="admins")["Users"] == []
    pool.idp.delete_group(UserPoolId=pool.id, GroupName="editors")
    assert pool.idp.admin_list_groups_for_user(UserPoolId=pool.id, Username=ADA)["Groups"] == []
    with pytest.raises(ClientError) as error:
        pool.idp.admin_add_user_to_group(UserPoolId=pool.id, Username=ADA, GroupName="nobody")
    assert refused(error) == ("ResourceNotFoundException", "Group not found.")


def test_administrator_vouches_for_an_address(pool: PoolUnderTest) -> None:
    create(pool, MessageAction="SUPPRESS")
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.id,
        Username=ADA,
        UserAttributes=[
            {"Name": "email", "Value": "countess@example.com"},
            {"Name": "email_verified", "Value": "true"},
            {"Name": "nickname", "Value": "A"},
        ],
    )
    pool.idp.admin_delete_user_attributes(
        UserPoolId=pool.id, Username="countess@example.com", UserAttributeNames=["nickname"]
    )
    user = pool.idp.admin_get_user(UserPoolId=pool.id, Username="countess@example.com")
    found = {item["Name"]: item["Value"] for item in user["UserAttributes"]}
    assert (found["email_verified"], "nickname" in found) == ("true", False)


def test_user_is_named_by_sub_or_alias_too(aws: LocalAws) -> None:
    """As an application knows its users, whose pool has names; nobody signs in with a sub."""
    pool = aws.pool(UsernameAttributes=None, AliasAttributes=["email"])
    attributes = [{"Name": "email", "Value": ADA}, {"Name": "email_verified", "Value": "true"}]
    created = pool.idp.admin_create_user(
        UserPoolId=pool.id, Username="ada", UserAttributes=attributes, TemporaryPassword=PASSWORD
    )
    sub = created["User"]["Attributes"][0]["Value"]
    other = aws.pool(UsernameAttributes=None)
    for name in ("ada", ADA, sub):
        assert pool.idp.admin_get_user(UserPoolId=pool.id, Username=name)["Username"] == "ada"
        with pytest.raises(ClientError) as error:
            other.idp.admin_get_user(UserPoolId=other.id, Username=name)
        assert refused(error) == ("UserNotFoundException", "User does not exist.")
    pool.idp.admin_set_user_password(UserPoolId=pool.id, Username=sub, Password=NEW, Permanent=True)
    assert "AccessToken" in pool.sign_in("ada", NEW)
    with pytest.raises(ClientError) as error:
        pool.sign_in(sub, NEW)
    assert refused(error) == ("UserNotFoundException", "User does not exist.")


def test_deleted_user_is_gone(pool: PoolUnderTest) -> None:
    create(pool, MessageAction="SUPPRESS")
    pool.idp.admin_delete_user(UserPoolId=pool.id, Username=ADA)
    with pytest.raises(ClientError) as error:
        pool.idp.admin_get_user(UserPoolId=pool.id, Username=ADA)
    assert refused(error) == ("UserNotFoundException", "User does not exist.")


def test_updated_pool_keeps_what_only_creation_sets(pool: PoolUnderTest) -> None:
    """Or Terraform would plan to replace the pool."""
    pool.idp.update_user_pool(UserPoolId=pool.id, AutoVerifiedAttributes=["email"], MfaConfiguration="OFF")
    found = pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]
    assert found["UsernameAttributes"] == ["email"]


def test_resource_server_changes_and_goes(pool: PoolUnderTest) -> None:
    scopes = [{"ScopeName": "read", "ScopeDescription": "Read"}]
    server = {"UserPoolId": pool.id, "Identifier": "things"}
    pool.idp.create_resource_server(**server, Name="things", Scopes=scopes)
    pool.idp.update_resource_server(**server, Name="Things", Scopes=scopes)
    assert pool.idp.describe_resource_server(**server)["ResourceServer"]["Name"] == "Things"
    pool.idp.delete_resource_server(**server)
    with pytest.raises(ClientError) as error:
        pool.idp.describe_resource_server(**server)
    assert refused(error)[0] == "ResourceNotFoundException"
