"""An API of one call: with a target, AWS makes all that it takes to be called."""

import pytest
from botocore.exceptions import ClientError
from moto.apigatewayv2.models import ApiGatewayV2Backend

from tests.integration.aws.in_process import Aws
from tests.integration.aws.test_listening import Refusing, Told
from toolchain.local.aws.listening import listening
from toolchain.local.place import Place

FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:users"


@pytest.mark.parametrize(("given", "key"), [({}, "$default"), ({"RouteKey": "GET /users"}, "GET /users")])
def test_function(aws: Aws, given: dict[str, str], key: str) -> None:
    client = aws.client("apigatewayv2")
    api = client.create_api(Name="api", ProtocolType="HTTP", Target=FUNCTION, **given)["ApiId"]
    [integration] = client.get_integrations(ApiId=api)["Items"]
    [route] = client.get_routes(ApiId=api)["Items"]
    stage = client.get_stage(ApiId=api, StageName="$default")
    assert (integration["IntegrationType"], integration["IntegrationUri"]) == ("AWS_PROXY", FUNCTION)
    assert (integration["PayloadFormatVersion"], integration["ConnectionType"]) == ("2.0", "INTERNET")
    assert (route["RouteKey"], route["Target"]) == (key, f"integrations/{integration['IntegrationId']}")
    assert stage["AutoDeploy"]
    assert all(part["ApiGatewayManaged"] for part in (integration, route, stage))


def test_target_is_updated(aws: Aws) -> None:
    client = aws.client("apigatewayv2")
    api = client.create_api(Name="api", ProtocolType="HTTP", Target=FUNCTION)["ApiId"]
    client.update_api(ApiId=api, Name="other", Target=f"{FUNCTION}:live", RouteKey="ANY /{path+}")
    [integration] = client.get_integrations(ApiId=api)["Items"]
    [route] = client.get_routes(ApiId=api)["Items"]
    assert (integration["IntegrationUri"], route["RouteKey"]) == (f"{FUNCTION}:live", "ANY /{path+}")
    assert (route["Target"], integration["PayloadFormatVersion"]) == (
        f"integrations/{integration['IntegrationId']}",
        "2.0",
    )
    assert client.get_api(ApiId=api)["Name"] == "other"


def test_refused(aws: Aws) -> None:
    """And then there is no API."""
    client = aws.client("apigatewayv2")
    for wrong in ({"Target": "users"}, {"Target": FUNCTION, "ProtocolType": "WEBSOCKET"}):
        with pytest.raises(client.exceptions.BadRequestException):
            client.create_api(**{"Name": "api", "ProtocolType": "HTTP", **wrong})
    told, guard = Told(), _NoRoutes()
    with listening(told, guard), pytest.raises(ClientError, match="not here"):
        client.create_api(Name="api", ProtocolType="HTTP", Target="https://example.com")
    assert client.get_apis()["Items"] == []
    assert told.take()[-1][0] == "api deleted"
    api = client.create_api(Name="api", ProtocolType="HTTP")["ApiId"]
    with pytest.raises(client.exceptions.BadRequestException):
        client.update_api(ApiId=api, Target=FUNCTION)


class _NoRoutes(Refusing):
    def check_routes(self, place: Place, api_id: str, changed: ApiGatewayV2Backend) -> None:
        self.refuses = True
        super().check_routes(place, api_id, changed)
