"""Codes from an authenticator app: time-based one-time passwords, computed by cryptography's own code."""

import base64
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from tests.integration.cognito.harness import PASSWORD, LocalAws, PoolUnderTest, refused

ADA = "ada@example.com"


def code(aws: LocalAws, secret: str, steps: int = 0) -> str:
    app = TOTP(base64.b32decode(secret), 6, SHA1(), 30)  # noqa: S303  RFC 6238's default
    return app.generate(int(aws.clock()) + 30 * steps).decode()


def begin(pool: PoolUnderTest, name: str = ADA) -> dict[str, Any]:
    answer: dict[str, Any] = pool.idp.initiate_auth(
        ClientId=pool.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
    )
    return answer


def respond(
    pool: PoolUnderTest, challenge: dict[str, Any], responses: dict[str, str], name: str = ADA
) -> dict[str, Any]:
    answer: dict[str, Any] = pool.idp.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName=challenge["ChallengeName"],
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": name, **responses},
    )
    return answer


def enrolled(aws: LocalAws, pool: PoolUnderTest, name: str = ADA) -> str:
    """A user who has an app, and uses it; returns its secret."""
    pool.confirmed(name)
    token = pool.sign_in(name)["AccessToken"]
    secret = str(pool.idp.associate_software_token(AccessToken=token)["SecretCode"])
    pool.idp.verify_software_token(AccessToken=token, UserCode=code(aws, secret), FriendlyDeviceName="phone")
    pool.idp.set_user_mfa_preference(
        AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
    )
    aws.clock.ahead += 60
    return secret


def test_sign_in_asks_for_a_code(aws: LocalAws) -> None:
    """A wrong one may be corrected in the same session; the session is good once."""
    pool = aws.pool(software_tokens="OPTIONAL")
    secret = enrolled(aws, pool)
    challenge = begin(pool)
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert challenge["ChallengeParameters"]["FRIENDLY_DEVICE_NAME"] == "phone"
    right = code(aws, secret)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    with pytest.raises(ClientError) as error:
        respond(pool, challenge, {"SOFTWARE_TOKEN_MFA_CODE": wrong})
    assert refused(error) == ("CodeMismatchException", "Invalid code received for user")
    answer = respond(pool, challenge, {"SOFTWARE_TOKEN_MFA_CODE": right})
    assert answer["AuthenticationResult"]["TokenType"] == "Bearer"
    with pytest.raises(ClientError) as error:
        respond(pool, challenge, {"SOFTWARE_TOKEN_MFA_CODE": right})
    assert refused(error)[0] == "NotAuthorizedException"
    user = pool.idp.admin_get_user(UserPoolId=pool.id, Username=ADA)
    assert (user["PreferredMfaSetting"], user["UserMFASettingList"]) == (
        "SOFTWARE_TOKEN_MFA",
        ["SOFTWARE_TOKEN_MFA"],
    )


def test_code_is_good_once(aws: LocalAws) -> None:
    pool = aws.pool(software_tokens="OPTIONAL")
    used = code(aws, enrolled(aws, pool))
    respond(pool, begin(pool), {"SOFTWARE_TOKEN_MFA_CODE": used})
    with pytest.raises(ClientError) as error:
        respond(pool, begin(pool), {"SOFTWARE_TOKEN_MFA_CODE": used})
    assert refused(error) == ("ExpiredCodeException", "Your software token has already been used once.")


def test_clocks_may_differ_by_one_step(aws: LocalAws) -> None:
    pool = aws.pool(software_tokens="OPTIONAL")
    secret = enrolled(aws, pool)
    with pytest.raises(ClientError) as error:
        respond(pool, begin(pool), {"SOFTWARE_TOKEN_MFA_CODE": code(aws, secret, 3)})
    assert refused(error)[0] == "CodeMismatchException"
    answer = respond(pool, begin(pool), {"SOFTWARE_TOKEN_MFA_CODE": code(aws, secret, 1)})
    assert "AuthenticationResult" in answer


def test_session_of_another_user_is_refused(aws: LocalAws) -> None:
    pool = aws.pool(software_tokens="OPTIONAL")
    enrolled(aws, pool)
    secret = enrolled(aws, pool, "eve@example.com")
    responses = {"SOFTWARE_TOKEN_MFA_CODE": code(aws, secret)}
    with pytest.raises(ClientError) as error:
        respond(pool, begin(pool), responses, "eve@example.com")
    assert refused(error) == ("NotAuthorizedException", "Invalid session for the user.")


def test_session_expires_after_three_minutes(aws: LocalAws) -> None:
    pool = aws.pool(software_tokens="OPTIONAL")
    secret = enrolled(aws, pool)
    challenge = begin(pool)
    aws.clock.ahead += 181
    with pytest.raises(ClientError) as error:
        respond(pool, challenge, {"SOFTWARE_TOKEN_MFA_CODE": code(aws, secret)})
    assert refused(error)[0] == "NotAuthorizedException"


def test_guesses_end_the_session_and_lock_out(aws: LocalAws) -> None:
    pool = aws.pool(software_tokens="OPTIONAL")
    right = code(aws, enrolled(aws, pool))
    challenge = begin(pool)
    for number in range(1, 6):
        wrong = f"{(int(right) + number) % 10**6:06d}"
        with pytest.raises(ClientError) as error:
            respond(pool, challenge, {"SOFTWARE_TOKEN_MFA_CODE": wrong})
    with pytest.raises(ClientError) as error:
        respond(pool, challenge, {"SOFTWARE_TOKEN_MFA_CODE": right})
    assert refused(error)[0] == "NotAuthorizedException"
    with pytest.raises(ClientError) as error:
        begin(pool)
    assert refused(error) == ("NotAuthorizedException", "Password attempts exceeded")


def test_required_app_is_set_up_at_the_sign_in(aws: LocalAws) -> None:
    """MFA_SETUP: each step has the session of the one before; none can be left out."""
    pool = aws.pool(software_tokens="ON")
    pool.confirmed(ADA)
    setup = begin(pool)
    assert setup["ChallengeName"] == "MFA_SETUP"
    assert setup["ChallengeParameters"]["MFAS_CAN_SETUP"] == '["SOFTWARE_TOKEN_MFA"]'
    with pytest.raises(ClientError) as error:
        respond(pool, setup, {})
    assert refused(error)[0] == "NotAuthorizedException"
    associated = pool.idp.associate_software_token(Session=begin(pool)["Session"])
    right = code(aws, associated["SecretCode"])
    with pytest.raises(ClientError) as error:
        pool.idp.verify_software_token(Session=associated["Session"], UserCode="000000")
    assert refused(error) == ("EnableSoftwareTokenMFAException", "Code mismatch")
    verified = pool.idp.verify_software_token(Session=associated["Session"], UserCode=right)
    assert verified["Status"] == "SUCCESS"
    answer = respond(pool, {"ChallengeName": "MFA_SETUP", "Session": verified["Session"]}, {})
    assert answer["AuthenticationResult"]["TokenType"] == "Bearer"
    assert begin(pool)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


@pytest.mark.parametrize("factor", ["SMSMfaSettings", "EmailMfaSettings"])
def test_factor_by_message_is_named_as_not_supported(aws: LocalAws, factor: str) -> None:
    pool = aws.pool(software_tokens="OPTIONAL")
    pool.confirmed(ADA)
    token = pool.sign_in(ADA)["AccessToken"]
    with pytest.raises(ClientError) as error:
        pool.idp.set_user_mfa_preference(AccessToken=token, **{factor: {"Enabled": True}})
    assert refused(error) == (
        "NotSupportedLocally",
        f"{factor} is not supported locally; use SoftwareTokenMfaSettings",
    )
    with pytest.raises(ClientError) as error:
        pool.idp.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True})
    assert refused(error) == ("InvalidParameterException", "User has not verified software token mfa")
