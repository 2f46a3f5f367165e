"""What the answers of triggers lead to: for sign-ups, messages, sign-ins, tokens and users from elsewhere."""

import pytest
from botocore.exceptions import ClientError

from tests.integration.cognito.harness import PASSWORD, Event, LocalAws, arn, claims, refused
from tests.integration.cognito.trigger_answers import ADA, answering, with_triggers


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


def test_migrated_user_takes_an_alias_only_if_the_function_says_so(aws: LocalAws) -> None:
    """Otherwise nobody is migrated, and the app gets the error."""
    known = {
        "userAttributes": {"email": ADA, "email_verified": "true"},
        "finalUserStatus": "CONFIRMED",
        "messageAction": "SUPPRESS",
    }
    pool = with_triggers(aws, "UserMigration", UsernameAttributes=None, AliasAttributes=["email"])
    email = [{"Name": "email", "Value": ADA}, {"Name": "email_verified", "Value": "true"}]
    pool.idp.admin_create_user(UserPoolId=pool.id, Username="eve", UserAttributes=email)

    aws.functions.handlers["UserMigration"] = answering(**known, forceAliasCreation=False)
    with pytest.raises(ClientError) as error:
        pool.sign_in("ada")
    assert refused(error) == ("AliasExistsException", "An account with the given email already exists.")
    assert [user["Username"] for user in pool.idp.list_users(UserPoolId=pool.id)["Users"]] == ["eve"]

    aws.functions.handlers["UserMigration"] = answering(**known, forceAliasCreation=True)
    assert pool.sign_in("ada")["TokenType"] == "Bearer"
    assert pool.idp.admin_get_user(UserPoolId=pool.id, Username=ADA)["Username"] == "ada"
    eve = pool.idp.admin_get_user(UserPoolId=pool.id, Username="eve")["UserAttributes"]
    assert {"Name": "email_verified", "Value": "false"} in eve
