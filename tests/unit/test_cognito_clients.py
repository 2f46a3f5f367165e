"""What the settings of an app client mean: the flows it has, and how long its tokens are good."""

from typing import Any

import pytest

from toolchain.local.cognito.pool import Client
from toolchain.local.cognito.tokens.lifetimes import lifetime


@pytest.mark.parametrize(
    ("settings", "seconds"),
    [
        ({}, 3600),
        ({"AccessTokenValidity": 5}, 18000),
        ({"AccessTokenValidity": 5, "TokenValidityUnits": {"AccessToken": "minutes"}}, 300),
        ({"TokenValidityUnits": {"IdToken": "seconds"}}, 3600),
    ],
)
def test_lifetime_has_the_unit_of_the_client(settings: dict[str, Any], seconds: int) -> None:
    assert lifetime(Client("id", settings=settings), "AccessToken") == seconds


@pytest.mark.parametrize(
    ("settings", "flows"),
    [
        ({}, {"ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}),
        ({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]}, {"ALLOW_USER_SRP_AUTH"}),
        (
            {"ExplicitAuthFlows": ["CUSTOM_AUTH_FLOW_ONLY"]},
            {"ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"},
        ),
    ],
)
def test_flows_of_a_client(settings: dict[str, Any], flows: set[str]) -> None:
    assert Client("id", settings=settings).flows == flows
