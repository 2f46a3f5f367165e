"""What survives: a restart, and a kill -9 in the middle of sign-ups."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.cognito.harness import PASSWORD, LocalAws, PoolUnderTest
from toolchain.errors import ToolchainError
from toolchain.local.cognito.provision import provision
from toolchain.local.cognito.request import Request
from toolchain.local.cognito.service import open_cognito
from toolchain.local.place import Place
from toolchain.manifest.functions import parse_function

ADA = "ada@example.com"
PLACE = Place("123456789012", "eu-west-1")


def test_everything_survives_a_restart(aws: LocalAws) -> None:
    """Pool, client, group, member, password, sign-in, the key, and codes that were sent."""
    pool = aws.pool(
        Policies={"PasswordPolicy": {"MinimumLength": 12}},
        Schema=[{"Name": "shoe_size", "AttributeDataType": "Number", "Mutable": True}],
    )
    pool.idp.create_group(UserPoolId=pool.id, GroupName="admins", Precedence=1)
    pool.idp.create_user_pool_domain(Domain="shoes", UserPoolId=pool.id)
    pool.confirmed(ADA)
    pool.idp.admin_add_user_to_group(UserPoolId=pool.id, Username=ADA, GroupName="admins")
    tokens = pool.sign_in(ADA)
    pool.sign_up("eve@example.com")
    before = pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]

    aws.restart()

    after = pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]
    assert after == before
    assert pool.idp.get_user(AccessToken=tokens["AccessToken"])["Username"]
    pool.idp.get_tokens_from_refresh_token(ClientId=pool.client_id, RefreshToken=tokens["RefreshToken"])
    assert pool.sign_in(ADA)["TokenType"] == "Bearer"
    groups = pool.idp.admin_list_groups_for_user(UserPoolId=pool.id, Username=ADA)["Groups"]
    assert [(group["GroupName"], group["Precedence"]) for group in groups] == [("admins", 1)]
    assert pool.idp.describe_user_pool_domain(Domain="shoes")["DomainDescription"]["UserPoolId"] == pool.id
    pool.confirm("eve@example.com")


def test_deleted_pool_takes_its_users_along(aws: LocalAws, pool: PoolUnderTest) -> None:
    pool.confirmed(ADA)
    pool.idp.delete_user_pool(UserPoolId=pool.id)
    aws.restart()
    with sqlite3.connect(aws.directory / "cognito.sqlite3") as connection:
        for table in ("pools", "users", "logins", "codes", "sign_ins"):
            assert connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone() == (0,)  # noqa: S608  ours
    connection.close()


def test_passwords_and_tokens_are_not_on_disk(aws: LocalAws, pool: PoolUnderTest) -> None:
    pool.confirmed(ADA)
    tokens = pool.sign_in(ADA)
    aws.stop()
    content = b"".join(path.read_bytes() for path in aws.directory.iterdir())
    for secret in (PASSWORD, tokens["RefreshToken"], tokens["AccessToken"]):
        assert secret.encode() not in content
    modes = {path.name: path.stat().st_mode & 0o777 for path in aws.directory.iterdir()}
    assert set(modes.values()) == {0o600}
    aws.start()


@pytest.mark.parametrize("count", [1, 5, 9])
def test_confirmed_users_survive_a_kill(aws: LocalAws, tmp_path: Path, count: int) -> None:
    """Killed at some point of a sign-up: who was told to be confirmed can sign in."""
    directory = tmp_path / "killed"
    command = [sys.executable, "-m", "tests.integration.cognito.writer", str(directory)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        answered = [process.stdout.readline().strip() for _ in range(count)]
        process.kill()
        answered += [line for line in process.stdout.read().split("\n")[:-1] if line]
    assert len(answered) >= count
    sign_in_all(directory, aws, answered)


def sign_in_all(directory: Path, aws: LocalAws, emails: list[str]) -> None:
    cognito = open_cognito(directory, aws.functions, aws.clock)
    client_id = provision(cognito.services.pools, [], PLACE).client_id
    for email in emails:
        parameters = {"USERNAME": email, "PASSWORD": PASSWORD}
        request = {"ClientId": client_id, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}
        assert "AuthenticationResult" in cognito.operations["InitiateAuth"](Request(request))
    cognito.close()


def test_provisioned_pool_keeps_its_ids(aws: LocalAws) -> None:
    """Triggers and groups follow the manifests; users stay."""
    route = "http: {method: GET, path: /users, auth: {jwt: {groups: [admins]}}}"
    first = parse_function("people", f"description: Lists\ntriggers:\n  - {route}\n")
    pools = aws.cognito.services.pools
    made = provision(pools, [first], PLACE)
    pool = PoolUnderTest(aws, made.user_pool_id, made.client_id)
    pool.confirmed(ADA)
    assert "admins" in pools.by_id(made.user_pool_id).groups
    assert made.issuer == f"https://cognito-idp.eu-west-1.amazonaws.com/{made.user_pool_id}"

    aws.restart()

    second = parse_function(
        "welcome",
        "description: Greets\ntimeout_seconds: 4\ntriggers:\n  - cognito: {trigger: PostConfirmation}\n",
    )
    pools = aws.cognito.services.pools
    assert provision(pools, [first, second], PLACE) == made
    assert pools.by_id(made.user_pool_id).triggers == {
        "PostConfirmation": "arn:aws:lambda:eu-west-1:123456789012:function:welcome"
    }
    assert pool.sign_in(ADA)["TokenType"] == "Bearer"
    description = pool.idp.describe_user_pool_client(UserPoolId=pool.id, ClientId=pool.client_id)
    assert "ClientSecret" not in description["UserPoolClient"]


def test_store_of_a_later_version_is_left_alone(aws: LocalAws, tmp_path: Path) -> None:
    path = tmp_path / "later" / "cognito.sqlite3"
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ToolchainError) as error:
        open_cognito(path.parent, aws.functions, aws.clock)
    assert str(error.value) == (
        f"{path}: version is 99; this checkout reads up to 1:"
        " update it, or remove the file to start without users"
    )


def test_broken_key_is_named(aws: LocalAws, tmp_path: Path) -> None:
    path = tmp_path / "broken" / "signing-key.pem"
    path.parent.mkdir()
    path.write_text("{}")
    with pytest.raises(ToolchainError) as error:
        open_cognito(path.parent, aws.functions, aws.clock)
    assert str(error.value) == f"{path}: is no signing key; remove it, and everybody signs in again"
