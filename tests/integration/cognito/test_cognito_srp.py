"""Secure Remote Password with pycognito, a client that nobody here wrote."""

import base64
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from joserfc import jwt
from joserfc.jwk import KeySet
from pycognito.aws_srp import AWSSRP

from tests.integration.cognito.harness import PASSWORD, LocalAws, PoolUnderTest, refused
from tests.integration.cognito.refusals import WRONG

ADA = "ada@example.com"


@pytest.fixture(autouse=True)
def _old_calls_of_pycognito() -> Iterator[None]:
    """pycognito calls datetime.utcnow."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "datetime.datetime.utcnow", DeprecationWarning)
        yield


def srp(pool: PoolUnderTest, name: str, password: str = PASSWORD, **client: str) -> AWSSRP:
    settings = {"client_id": pool.client_id, **client}
    return AWSSRP(name, password, pool.id, client=pool.idp, **settings)


def begin(pool: PoolUnderTest, helper: AWSSRP) -> dict[str, Any]:
    answer: dict[str, Any] = pool.idp.initiate_auth(
        ClientId=pool.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=helper.get_auth_params()
    )
    return answer


def respond(pool: PoolUnderTest, responses: dict[str, str], **more: str) -> dict[str, Any]:
    answer: dict[str, Any] = pool.idp.respond_to_auth_challenge(
        ClientId=pool.client_id, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=responses, **more
    )
    return answer


def test_tokens_are_what_they_should_be(aws: LocalAws, pool: PoolUnderTest) -> None:
    """Claims of ID and access token; the signature is checked with the published key."""
    sub = pool.confirmed(ADA)
    pool.idp.create_group(UserPoolId=pool.id, GroupName="admins", Precedence=2)
    pool.idp.admin_add_user_to_group(UserPoolId=pool.id, Username=ADA, GroupName="admins")
    result = srp(pool, ADA).authenticate_user()["AuthenticationResult"]

    keys = KeySet.import_key_set(_get(f"{aws.url}/{pool.id}/.well-known/jwks.json"))
    id_claims = jwt.decode(result["IdToken"], keys).claims
    access_claims = jwt.decode(result["AccessToken"], keys).claims
    issuer = f"https://cognito-idp.eu-west-1.amazonaws.com/{pool.id}"
    varying = ("iat", "exp", "auth_time", "jti", "origin_jti", "event_id")
    assert {name: value for name, value in id_claims.items() if name not in varying} == {
        "sub": sub,
        "email": ADA,
        "email_verified": True,
        "iss": issuer,
        "aud": pool.client_id,
        "token_use": "id",
        "cognito:username": sub,
        "cognito:groups": ["admins"],
    }
    assert {name: value for name, value in access_claims.items() if name not in varying} == {
        "sub": sub,
        "iss": issuer,
        "client_id": pool.client_id,
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
        "username": sub,
        "cognito:groups": ["admins"],
    }
    assert id_claims["event_id"] == access_claims["event_id"]
    assert id_claims["origin_jti"] == access_claims["origin_jti"]
    assert access_claims["exp"] - access_claims["iat"] == 3600
    configuration = _get(f"{aws.url}/{pool.id}/.well-known/openid-configuration")
    assert (configuration["issuer"], configuration["jwks_uri"]) == (
        issuer,
        f"{aws.url}/{pool.id}/.well-known/jwks.json",
    )


def _get(url: str) -> Any:  # noqa: ANN401  any JSON
    import requests

    return requests.get(url, timeout=10).json()


def test_right_and_wrong_passwords_are_told_apart_every_time(pool: PoolUnderTest) -> None:
    """200 right, 50 wrong: padding errors would show as a flake of one in 256."""
    names = [f"user{number}@example.com" for number in range(25)]
    for number, name in enumerate(names):
        pool.confirmed(name, f"{PASSWORD}-{number}")
    for number, name in enumerate(names):
        for _ in range(2):
            with pytest.raises(ClientError) as error:
                srp(pool, name, f"{PASSWORD}-{number + 1}").authenticate_user()
            assert refused(error) == WRONG
        for _ in range(8):
            answer = srp(pool, name, f"{PASSWORD}-{number}").authenticate_user()
            assert "RefreshToken" in answer["AuthenticationResult"]


def test_exchange_is_good_once(pool: PoolUnderTest) -> None:
    """A replayed answer is refused, though it was right."""
    pool.confirmed(ADA)
    helper = srp(pool, ADA)
    challenge = begin(pool, helper)["ChallengeParameters"]
    answer = helper.process_challenge(challenge, helper.get_auth_params())
    assert "AuthenticationResult" in respond(pool, answer)
    with pytest.raises(ClientError) as error:
        respond(pool, answer)
    assert refused(error) == WRONG


def test_exchange_is_good_for_three_minutes(aws: LocalAws, pool: PoolUnderTest) -> None:
    pool.confirmed(ADA)
    helper = srp(pool, ADA)
    challenge = begin(pool, helper)["ChallengeParameters"]
    answer = helper.process_challenge(challenge, helper.get_auth_params())
    aws.clock.ahead = 181
    with pytest.raises(ClientError) as error:
        respond(pool, answer)
    assert refused(error) == WRONG


@pytest.mark.parametrize(
    "forged",
    [
        {"PASSWORD_CLAIM_SIGNATURE": base64.b64encode(b"0" * 32).decode()},
        {"PASSWORD_CLAIM_SIGNATURE": "not base64"},
        {"PASSWORD_CLAIM_SIGNATURE": ""},
        {"PASSWORD_CLAIM_SECRET_BLOCK": base64.b64encode(b"0" * 64).decode()},
        {"TIMESTAMP": datetime(2020, 1, 1, tzinfo=UTC).isoformat()},
        {"USERNAME": "eve@example.com"},
        {"USERNAME": "nobody@example.com"},
    ],
)
def test_forged_answer_is_refused(pool: PoolUnderTest, forged: dict[str, str]) -> None:
    pool.confirmed(ADA)
    pool.confirmed("eve@example.com")
    helper = srp(pool, ADA)
    challenge = begin(pool, helper)["ChallengeParameters"]
    answer = helper.process_challenge(challenge, helper.get_auth_params())
    with pytest.raises(ClientError) as error:
        respond(pool, {**answer, **forged})
    assert refused(error) == WRONG


_TOO_LARGE = ["f" * 769, "f" * 1_000_000]


@pytest.mark.parametrize(
    "value",
    ["0", "00", "not a number", "-5", "", "0x5", "1_0", " 5", "5\n", "\u0665", *_TOO_LARGE],
    ids=lambda value: value[:12],
)
def test_client_value_that_proves_nothing_is_refused(pool: PoolUnderTest, value: str) -> None:
    """With A = 0 (or N) anybody would know the key."""
    pool.confirmed(ADA)
    with pytest.raises(ClientError) as error:
        pool.idp.initiate_auth(
            ClientId=pool.client_id,
            AuthFlow="USER_SRP_AUTH",
            AuthParameters={"USERNAME": ADA, "SRP_A": value},
        )
    assert refused(error)[0] == "InvalidParameterException"


def test_client_with_a_secret_signs_its_requests(pool: PoolUnderTest) -> None:
    """SECRET_HASH has to be there, and right."""
    pool.confirmed(ADA)
    client = pool.app_client(GenerateSecret=True)
    keys = {"client_id": client["ClientId"]}
    sub = pool.idp.admin_get_user(UserPoolId=pool.id, Username=ADA)["Username"]
    helper = srp(pool, sub, client_secret=client["ClientSecret"], **keys)
    assert "AuthenticationResult" in helper.authenticate_user()
    for secret, problem in (
        (None, "is configured with secret but"),
        ("wrong", "Unable to verify secret hash"),
    ):
        with pytest.raises(ClientError) as error:
            srp(pool, sub, **keys, **({"client_secret": secret} if secret else {})).authenticate_user()
        code, message = refused(error)
        assert code == "NotAuthorizedException"
        assert problem in message


def test_users_who_do_not_exist_look_as_if_they_did(pool: PoolUnderTest) -> None:
    """PreventUserExistenceErrors: the same challenge at every try, refused like a wrong password."""
    client = pool.app_client(PreventUserExistenceErrors="ENABLED")["ClientId"]
    pool = PoolUnderTest(pool.aws, pool.id, client)
    challenges = [begin(pool, srp(pool, "nobody@example.com"))["ChallengeParameters"] for _ in range(2)]
    assert len({challenge["SALT"] for challenge in challenges}) == 1
    assert len({challenge["USER_ID_FOR_SRP"] for challenge in challenges}) == 1
    with pytest.raises(ClientError) as error:
        srp(pool, "nobody@example.com").authenticate_user()
    assert refused(error) == WRONG


def test_users_who_do_not_exist_are_named_otherwise(pool: PoolUnderTest) -> None:
    with pytest.raises(ClientError) as error:
        srp(pool, "nobody@example.com").authenticate_user()
    assert refused(error) == ("UserNotFoundException", "User does not exist.")


def test_many_sign_in_at_once(pool: PoolUnderTest) -> None:
    """Exchanges do not get mixed up."""
    names = [f"user{number}@example.com" for number in range(8)]
    subs = [pool.confirmed(name) for name in names]

    def sign_in(name: str) -> str:
        result = srp(pool, name).authenticate_user()["AuthenticationResult"]
        return str(pool.idp.get_user(AccessToken=result["AccessToken"])["Username"])

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(sign_in, names * 3)) == subs * 3
