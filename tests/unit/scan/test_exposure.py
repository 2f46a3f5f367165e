"""Front doors: APIs that take users' cookies from anywhere, and proxies that take plain connections."""

import pytest

from tests.unit.scan.findings import findings_of
from tests.unit.scan.plans import resource

API = "aws_apigatewayv2_api.this"


@pytest.mark.parametrize(
    ("credentials", "origins", "found"),
    [
        (True, ["*"], ["allow_credentials with allow_origins *; name the origins"]),
        (True, ["https://*"], ["allow_credentials with allow_origins https://*; name the origins"]),
        (True, ["https://app.example.com"], []),
        (False, ["*"], []),
    ],
)
def test_cors(credentials: bool, origins: list[str], found: list[str]) -> None:  # noqa: FBT001
    """Any origin, or the user's cookies: not both."""
    cors = [{"allow_credentials": credentials, "allow_origins": origins}]
    findings = findings_of(resource(API, cors_configuration=cors))
    assert findings == [f"{API}: {each} [own/cors_with_credentials]" for each in found]


@pytest.mark.parametrize("require_tls", [True, False, None])
def test_proxy(require_tls: bool | None) -> None:  # noqa: FBT001
    """RDS Proxy takes plain connections unless told not to."""
    findings = findings_of(resource("aws_db_proxy.this", require_tls=require_tls))
    message = "aws_db_proxy.this: require_tls is not true; set it [own/proxy_without_tls]"
    assert findings == ([] if require_tls else [message])
