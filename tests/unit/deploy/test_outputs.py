"""Outputs for other programs."""

import json

import pytest

from toolchain.deploy.outputs import render
from toolchain.errors import DeployError

_OUTPUTS = {
    "api_url": "https://x",
    "user_pool_id": "eu-west-1_x",
    "user_pool_client_id": "abc",
    "region": "eu-west-1",
    "database": {"port": 3306, "name": "app's"},
    "ci_role_arns": None,
    "functions": {"health": {"version": "1"}},
}


def test_env() -> None:
    """For shells: objects by their parts; functions only where all of JSON is wanted."""
    assert render(_OUTPUTS, "env", None) == (
        "API_URL=https://x\n"
        "DATABASE_NAME='app'\"'\"'s'\n"
        "DATABASE_PORT=3306\n"
        "REGION=eu-west-1\n"
        "USER_POOL_CLIENT_ID=abc\n"
        "USER_POOL_ID=eu-west-1_x\n"
    )


def test_json() -> None:
    assert json.loads(render(_OUTPUTS, "json", None)) == _OUTPUTS


@pytest.mark.parametrize(
    ("endpoint", "more"), [(None, {}), ("http://127.0.0.1:1", {"userPoolEndpoint": "http://127.0.0.1:1"})]
)
def test_amplify(endpoint: str | None, more: dict[str, str]) -> None:
    """The local Cognito has an address of its own."""
    assert json.loads(render(_OUTPUTS, "amplify", endpoint)) == {
        "Auth": {"Cognito": {"userPoolId": "eu-west-1_x", "userPoolClientId": "abc", **more}},
        "API": {"REST": {"api": {"endpoint": "https://x", "region": "eu-west-1"}}},
    }


def test_format_that_does_not_exist() -> None:
    with pytest.raises(DeployError) as error:
        render(_OUTPUTS, "yaml", None)
    assert str(error.value) == "--format is yaml; use env, json, amplify"


def test_stage_without_outputs() -> None:
    with pytest.raises(DeployError) as error:
        render({}, "env", None)
    assert str(error.value) == "the stage has no outputs yet; deploy it"
