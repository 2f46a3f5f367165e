"""pycognito's own tour: it proves passwords with SRP and verifies every token it gets."""

import base64
import warnings
from collections.abc import Callable, Iterator

import pytest
import requests
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from pycognito import Cognito
from pycognito.exceptions import (
    ForceChangePasswordException,
    SoftwareTokenMFAChallengeException,
)

from tests.integration.cognito.harness import PASSWORD, LocalAws, PoolUnderTest

ADA = "ada@example.com"
NEW = "Staple-battery-2"

type Connect = Callable[[PoolUnderTest], Cognito]


@pytest.fixture
def connect(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connect]:
    """pycognito as on AWS: only the endpoint, and where the keys come from, are of this machine."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)

    def connect(pool: PoolUnderTest) -> Cognito:
        cognito = Cognito(pool.id, pool.client_id, username=ADA)
        cognito.pool_jwk = requests.get(f"{aws.url}/{pool.id}/.well-known/jwks.json", timeout=10).json()
        return cognito

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "datetime.datetime.utcnow", DeprecationWarning)
        yield connect


def test_life_of_a_user(aws: LocalAws, pool: PoolUnderTest, connect: Connect) -> None:
    """Sign up, in and out, change everything, forget the password, leave."""
    user = connect(pool)
    user.set_base_attributes(email=ADA, name="Ada")
    user.register(ADA, PASSWORD)
    user.confirm_sign_up(aws.code(ADA), ADA)
    user.authenticate(PASSWORD)
    assert user.get_user().name == "Ada"
    before = user.access_token
    user.renew_access_token()
    assert user.access_token != before
    user.update_profile({"name": "Countess"})
    user.send_verification()
    user.validate_verification(aws.code(ADA))
    assert user.get_user().name == "Countess"
    user.change_password(PASSWORD, NEW)
    user.logout()
    user.initiate_forgot_password()
    user.confirm_forgot_password(aws.code(ADA), PASSWORD)
    user.authenticate(PASSWORD)
    user.delete_user()
    with pytest.raises(user.client.exceptions.UserNotFoundException):
        connect(pool).authenticate(PASSWORD)


def test_invited_user_signs_in_with_srp(pool: PoolUnderTest, connect: Connect) -> None:
    user = connect(pool)
    user.admin_create_user(ADA, temporary_password=PASSWORD, email=ADA)
    with pytest.raises(ForceChangePasswordException):
        user.authenticate(PASSWORD)
    user.new_password_challenge(PASSWORD, NEW)
    user.authenticate(NEW)
    assert user.access_claims["username"] == user.id_claims["cognito:username"]


def test_user_with_an_app_signs_in_with_srp(aws: LocalAws, connect: Connect) -> None:
    pool = aws.pool(software_tokens="OPTIONAL")
    pool.confirmed(ADA)
    user = connect(pool)
    user.authenticate(PASSWORD)
    app = TOTP(base64.b32decode(user.associate_software_token()), 6, SHA1(), 30)  # noqa: S303  RFC 6238's default
    assert user.verify_software_token(app.generate(int(aws.clock())).decode(), "phone")
    user.set_user_mfa_preference(False, True, "SOFTWARE_TOKEN")  # noqa: FBT003  pycognito's signature
    aws.clock.ahead = 60
    with pytest.raises(SoftwareTokenMFAChallengeException):
        user.authenticate(PASSWORD)
    user.respond_to_software_token_mfa_challenge(app.generate(int(aws.clock())).decode())
    assert user.get_user().email == ADA
