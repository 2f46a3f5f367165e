"""Keys of routes: what AWS takes for one, and once."""

import pytest
from botocore.exceptions import ClientError

from tests.integration.aws.in_process import Aws

NOT_FORMATTED = (
    "The provided route key is not formatted properly for HTTP protocol. "
    'Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"'
)
EXISTS = "Route with key GET /users/{id} already exists for this API"
OTHER_NAME = (
    'The provided route key "GET /users/{name}" has a conflicting variable on the same hierarchical level as '
    '"GET /users/{id}"'
)


@pytest.mark.parametrize(
    ("key", "code", "message"),
    [
        *(
            (key, "BadRequestException", NOT_FORMATTED)
            for key in ("nope", "GET x", "get /lower", "TRACE /", "")
        ),
        ("GET /users/{id}", "ConflictException", EXISTS),
        ("GET /users/{name}", "ConflictException", OTHER_NAME),
    ],
)
def test_refused(aws: Aws, key: str, code: str, message: str) -> None:
    """Of a new route as of one that is changed, and nothing has changed then."""
    client = aws.client("apigatewayv2")
    api = client.create_api(Name="api", ProtocolType="HTTP")["ApiId"]
    client.create_route(ApiId=api, RouteKey="GET /users/{id}")
    other = client.create_route(ApiId=api, RouteKey="$default")["RouteId"]
    for operation, arguments in (
        ("create_route", {}),
        ("update_route", {"RouteId": other, "OperationName": "changed"}),
    ):
        with pytest.raises(ClientError) as refused:
            getattr(client, operation)(ApiId=api, RouteKey=key, **arguments)
        assert refused.value.response["Error"] == {"Code": code, "Message": message}
    routes = client.get_routes(ApiId=api)["Items"]
    assert [route["RouteKey"] for route in routes] == ["GET /users/{id}", "$default"]
    assert "OperationName" not in routes[1]


def test_taken(aws: Aws) -> None:
    """Other methods and other paths are other routes; a route that keeps its key conflicts with none."""
    client = aws.client("apigatewayv2")
    api = client.create_api(Name="api", ProtocolType="HTTP")["ApiId"]
    keys = ("$default", "ANY /users/{id}", "GET /users/{id}", "GET /users/{id+}", "GET /users/me", "GET /")
    for key in keys:
        route = client.create_route(ApiId=api, RouteKey=key)["RouteId"]
        client.update_route(ApiId=api, RouteId=route, RouteKey=key)
    socket = client.create_api(
        Name="socket", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
    )["ApiId"]
    client.create_route(ApiId=socket, RouteKey="send")
