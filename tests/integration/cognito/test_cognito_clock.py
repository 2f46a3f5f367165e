"""A clock that is set between sign-in and call: the pool and the API in front of the functions share it.

A laptop that slept is one whose clock is ahead of what it was.
"""

import base64
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from pycognito.aws_srp import AWSSRP

from tests.integration.cognito.harness import PASSWORD, LocalAws, PoolUnderTest, refused
from tests.integration.http_api_serving import served
from tests.unit.http_api_fakes import API, FakeFunctions
from toolchain.local.http_api import (
    Authorization,
    CognitoKeys,
    HttpApi,
    Issuer,
    Route,
    Routes,
    Settings,
)

ADA = "ada@example.com"
HOUR = 3600
DAY = 24 * HOUR


@dataclass
class Api:
    """An API whose route asks for a user who has signed in to the pool."""

    pool: PoolUnderTest
    port: int

    def call(self, token: str) -> requests.Response:
        headers = {"authorization": f"Bearer {token}"}
        return requests.get(f"http://127.0.0.1:{self.port}/me", headers=headers, timeout=20)

    def refusal(self, token: str) -> str:
        """Why the API does not take a token."""
        answer = self.call(token)
        assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})
        return answer.headers["www-authenticate"].partition("error_description=")[2]


@pytest.fixture
def api(aws: LocalAws, pool: PoolUnderTest) -> Iterator[Api]:
    issuer = Issuer(f"https://cognito-idp.eu-west-1.amazonaws.com/{pool.id}", frozenset({pool.client_id}))
    signed_in = Authorization(issuer, frozenset({"aws.cognito.signin.user.admin"}))
    functions = FakeFunctions({"me": lambda _: "me"})
    application = HttpApi(functions, Settings(api=API, keys=CognitoKeys(aws.url), clock=aws.clock))
    application.deploy(Routes.of([Route("GET /me", "me", signed_in)]))
    with served(application) as port:
        yield Api(pool, port)


def refresh(pool: PoolUnderTest, token: str) -> dict[str, Any]:
    answer = pool.idp.initiate_auth(
        ClientId=pool.client_id, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": token}
    )
    result: dict[str, Any] = answer["AuthenticationResult"]
    return result


def test_the_machine_slept(aws: LocalAws, pool: PoolUnderTest, api: Api) -> None:
    """The access token has expired, to the second; the refresh token gives a new one, for thirty days."""
    pool.confirmed(ADA)
    tokens = pool.sign_in(ADA)
    assert api.call(tokens["AccessToken"]).status_code == 200
    aws.clock.ahead = HOUR - 60
    assert api.call(tokens["AccessToken"]).status_code == 200
    aws.clock.ahead = HOUR
    assert api.refusal(tokens["AccessToken"]) == '"the token has expired"'
    with pytest.raises(ClientError) as error:
        pool.idp.get_user(AccessToken=tokens["AccessToken"])
    assert refused(error) == ("NotAuthorizedException", "Access Token has expired")

    aws.clock.ahead = 29 * DAY
    renewed = refresh(pool, tokens["RefreshToken"])["AccessToken"]
    assert api.call(renewed).status_code == 200
    aws.clock.ahead = 30 * DAY
    with pytest.raises(ClientError) as error:
        refresh(pool, tokens["RefreshToken"])
    assert refused(error) == ("NotAuthorizedException", "Refresh Token has expired")
    assert api.call(pool.sign_in(ADA)["AccessToken"]).status_code == 200


@pytest.mark.parametrize("was_shown_before", [False, True])
def test_the_clock_was_put_back(
    aws: LocalAws,
    pool: PoolUnderTest,
    api: Api,
    was_shown_before: bool,  # noqa: FBT001  a column
) -> None:
    """A token of the future is refused, with the reason, whether it was good before or not; a new one is not.

    Cognito's own operations look at exp only, as on AWS.
    """
    pool.confirmed(ADA)
    aws.clock.ahead = 2 * HOUR
    tokens = pool.sign_in(ADA)
    if was_shown_before:
        assert api.call(tokens["AccessToken"]).status_code == 200
    aws.clock.ahead = 0
    reason = api.refusal(tokens["AccessToken"])
    assert reason.startswith('"the token is not valid yet: iat is 7')
    assert reason.endswith(' s ahead of the clock"')
    assert pool.idp.get_user(AccessToken=tokens["AccessToken"])["UserAttributes"]
    assert api.call(refresh(pool, tokens["RefreshToken"])["AccessToken"]).status_code == 200
    assert api.call(pool.sign_in(ADA)["AccessToken"]).status_code == 200


@pytest.mark.parametrize(
    ("moved_seconds", "is_taken"), [(-1, True), (-120, True), (-DAY, False), (120, True), (DAY, False)]
)
def test_the_clock_was_set_during_a_sign_in(
    aws: LocalAws, pool: PoolUnderTest, api: Api, moved_seconds: int, *, is_taken: bool
) -> None:
    """By more than the exchange is good for: begin again, which works at once."""
    pool.confirmed(ADA)
    helper = AWSSRP(ADA, PASSWORD, pool.id, pool.client_id, client=pool.idp)
    challenge = pool.idp.initiate_auth(
        ClientId=pool.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=helper.get_auth_params()
    )["ChallengeParameters"]
    responses = _process(helper, challenge)
    aws.clock.ahead = moved_seconds
    if is_taken:
        tokens = _respond(pool, responses)
    else:
        with pytest.raises(ClientError) as error:
            _respond(pool, responses)
        assert refused(error) == ("NotAuthorizedException", "Incorrect username or password.")
        tokens = pool.sign_in(ADA)
    assert api.call(tokens["AccessToken"]).status_code == 200


@pytest.mark.parametrize("moved_seconds", [-DAY, -HOUR, HOUR, DAY])
def test_the_client_has_another_clock(
    aws: LocalAws, pool: PoolUnderTest, api: Api, moved_seconds: int
) -> None:
    """What it says of the time is signed, and means nothing: it signs in, and its token is good here."""
    pool.confirmed(ADA)
    aws.clock.ahead = moved_seconds
    helper = AWSSRP(ADA, PASSWORD, pool.id, pool.client_id, client=pool.idp)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "datetime.datetime.utcnow", DeprecationWarning)
        tokens = helper.authenticate_user()["AuthenticationResult"]
    assert api.call(tokens["AccessToken"]).status_code == 200


def test_a_code_lives_for_a_day_wherever_the_clock_goes(aws: LocalAws, pool: PoolUnderTest) -> None:
    aws.clock.ahead = 10 * DAY
    pool.sign_up(ADA)
    code = aws.code(ADA)
    aws.clock.ahead = 11 * DAY
    with pytest.raises(ClientError) as error:
        pool.confirm(ADA, code)
    assert refused(error)[0] == "ExpiredCodeException"
    aws.clock.ahead = 0
    pool.confirm(ADA, code)
    assert "AccessToken" in pool.sign_in(ADA)


def test_lockout_and_limits_end_when_the_clock_was_put_back(aws: LocalAws, pool: PoolUnderTest) -> None:
    pool.confirmed(ADA)
    aws.clock.ahead = DAY
    for _ in range(5):
        with pytest.raises(ClientError):
            pool.sign_in(ADA, "Wrong-horse-1")
    with pytest.raises(ClientError) as error:
        pool.sign_in(ADA)
    assert refused(error) == ("NotAuthorizedException", "Password attempts exceeded")
    aws.clock.ahead = 0
    assert "AccessToken" in pool.sign_in(ADA)


def test_an_app_works_when_the_clock_was_put_back(aws: LocalAws) -> None:
    """The code of now is earlier than the last that was used, a day ahead; it, too, is taken once."""
    pool = aws.pool(software_tokens="OPTIONAL")
    pool.confirmed(ADA)
    aws.clock.ahead = DAY
    token = pool.sign_in(ADA)["AccessToken"]
    secret = str(pool.idp.associate_software_token(AccessToken=token)["SecretCode"])
    pool.idp.verify_software_token(AccessToken=token, UserCode=_code(aws, secret))
    preference = {"Enabled": True, "PreferredMfa": True}
    pool.idp.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=preference)
    aws.clock.ahead = 0
    code = _code(aws, secret)
    assert "AccessToken" in _answer_mfa(pool, code)
    with pytest.raises(ClientError) as error:
        _answer_mfa(pool, code)
    assert refused(error) == ("ExpiredCodeException", "Your software token has already been used once.")


def _code(aws: LocalAws, secret: str) -> str:
    app = TOTP(base64.b32decode(secret), 6, SHA1(), 30)  # noqa: S303  RFC 6238's default
    return app.generate(int(aws.clock())).decode()


def _answer_mfa(pool: PoolUnderTest, code: str) -> dict[str, Any]:
    challenge = pool.idp.initiate_auth(
        ClientId=pool.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": ADA, "PASSWORD": PASSWORD},
    )
    answer = pool.idp.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName="SOFTWARE_TOKEN_MFA",
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": ADA, "SOFTWARE_TOKEN_MFA_CODE": code},
    )
    result: dict[str, Any] = answer["AuthenticationResult"]
    return result


def _process(helper: AWSSRP, challenge: dict[str, Any]) -> dict[str, str]:
    """pycognito calls datetime.utcnow."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "datetime.datetime.utcnow", DeprecationWarning)
        responses: dict[str, str] = helper.process_challenge(challenge, helper.get_auth_params())
    return responses


def _respond(pool: PoolUnderTest, responses: dict[str, str]) -> dict[str, Any]:
    answer = pool.idp.respond_to_auth_challenge(
        ClientId=pool.client_id, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=responses
    )
    result: dict[str, Any] = answer["AuthenticationResult"]
    return result
