"""HTTP APIs that were deployed: what is configured counts at once."""

from pathlib import Path

import pytest
import requests
from botocore.exceptions import ClientError

from tests.integration.deployed.deployment import Deployment, answering, package
from tests.integration.running_up import call, until


def test_cors_of_the_api(deployment: Deployment) -> None:
    """Its own, and a change counts at once."""
    url = f"{deployment.as_client.api_url}/health"
    origin = {"origin": "https://example.com"}
    assert (
        requests.get(url, headers=origin, timeout=10).headers["access-control-allow-origin"]
        == origin["origin"]
    )
    cors = {"AllowOrigins": ["https://other.example.com"]}
    deployment.stack.client("apigatewayv2").update_api(ApiId=deployment.api_id, CorsConfiguration=cors)
    assert "access-control-allow-origin" not in requests.get(url, headers=origin, timeout=10).headers


def test_routes_count_at_once(deployment: Deployment) -> None:
    """The function itself refuses a route that its manifest does not have: it was reached."""
    api = deployment.stack.client("apigatewayv2")
    routes = api.get_routes(ApiId=deployment.api_id)["Items"]
    health = next(route for route in routes if route["RouteKey"] == "GET /health")
    added = api.create_route(ApiId=deployment.api_id, RouteKey="GET /state", Target=health["Target"])
    assert call(deployment.as_client, "GET", "/state").json()["status"] == 403
    api.delete_route(ApiId=deployment.api_id, RouteId=added["RouteId"])
    assert call(deployment.as_client, "GET", "/state").json() == {"message": "Not Found"}


def test_what_can_not_be_served_is_refused(deployment: Deployment) -> None:
    """By name, and without an effect: the API stays as it was."""
    api = deployment.stack.client("apigatewayv2")
    proxy = api.create_integration(
        ApiId=deployment.api_id,
        IntegrationType="HTTP_PROXY",
        IntegrationMethod="GET",
        IntegrationUri="https://example.com",
        PayloadFormatVersion="1.0",
    )["IntegrationId"]
    before = api.get_routes(ApiId=deployment.api_id)["Items"], len(api.get_apis()["Items"])
    health = next(route for route in before[0] if route["RouteKey"] == "GET /health")
    target = f"integrations/{proxy}"
    with pytest.raises(ClientError, match=r"route 'GET /proxy' of API .* its integration is no Lambda"):
        api.create_route(ApiId=deployment.api_id, RouteKey="GET /proxy", Target=target)
    with pytest.raises(ClientError, match=r"route 'GET /health' of API .* its integration is no Lambda"):
        api.update_route(ApiId=deployment.api_id, RouteId=health["RouteId"], Target=target)
    with pytest.raises(ClientError, match="WebSocket APIs are not supported locally; use HTTP"):
        api.create_api(Name="socket", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.a")
    assert (api.get_routes(ApiId=deployment.api_id)["Items"], len(api.get_apis()["Items"])) == before
    assert call(deployment.as_client, "GET", "/health").status_code == 200
    api.delete_integration(ApiId=deployment.api_id, IntegrationId=proxy)


def test_an_api_of_one_call(deployment: Deployment, tmp_path: Path) -> None:
    """Quick create: every request is the target's."""
    stack, file, api = deployment.stack, tmp_path / "quick.zip", deployment.stack.client("apigatewayv2")
    file.write_bytes(answering("quick"))
    stack.deploy_function(deployment.declared("quick"), file)
    made = api.create_api(Name="quick", ProtocolType="HTTP", Target=stack.alias("quick"))
    assert requests.post(f"{made['ApiEndpoint']}/any/path", timeout=20).text == "quick"
    api.delete_api(ApiId=made["ApiId"])


def test_a_function_that_takes_longer_than_its_integration(deployment: Deployment, tmp_path: Path) -> None:
    """Answers nobody in time, as it is configured now."""
    stack, file, api = deployment.stack, tmp_path / "slow.zip", deployment.stack.client("apigatewayv2")
    file.write_bytes(
        package("import time\ndef handler(event, context):\n    time.sleep(2)\n    return 'late'\n")
    )
    stack.deploy_function({**deployment.declared("slow"), "timeout_seconds": 10}, file)
    api_id = api.create_api(Name="slow", ProtocolType="HTTP")["ApiId"]
    trigger = {"payload_format_version": "2.0", "auth": "none", "route_key": "GET /", "scopes": []}
    stack.deploy_route(api_id, "", "slow", trigger)
    api.create_stage(ApiId=api_id, StageName="$default", AutoDeploy=True)
    url = stack.url(api_id)
    assert requests.get(url, timeout=20).text == "late"
    [integration] = api.get_integrations(ApiId=api_id)["Items"]
    api.update_integration(ApiId=api_id, IntegrationId=integration["IntegrationId"], TimeoutInMillis=500)
    assert requests.get(url, timeout=20).json() == {"message": "Service Unavailable"}
    api.delete_api(ApiId=api_id)
    until(lambda: _is_gone(url) or None)


def _is_gone(url: str) -> bool:
    """Whether nobody listens; until then, there is at least no route."""
    try:
        assert requests.get(url, timeout=20).status_code == 404
    except requests.ConnectionError:
        return True
    return False


def test_another_stage_is_under_its_name(deployment: Deployment) -> None:
    api = deployment.stack.client("apigatewayv2")
    api.create_stage(ApiId=deployment.api_id, StageName="beta", AutoDeploy=True)
    assert call(deployment.as_client, "GET", "/beta/health").status_code == 200
    assert call(deployment.as_client, "GET", "/health").status_code == 200
    api.delete_stage(ApiId=deployment.api_id, StageName="beta")
    assert call(deployment.as_client, "GET", "/beta/health").status_code == 404


def test_an_access_log_in_the_stages_format(deployment: Deployment) -> None:
    stack = deployment.stack
    stack.client("logs").create_log_group(logGroupName="/app/api")
    stack.client("apigatewayv2").update_stage(
        ApiId=deployment.api_id,
        StageName="$default",
        AccessLogSettings={
            "DestinationArn": f"arn:aws:logs:{stack.record.region}:123456789012:log-group:/app/api",
            "Format": '{"route":"$context.routeKey","status":$context.status,"at":"$context.error.x"}',
        },
    )
    call(deployment.as_client, "GET", "/health")
    events = stack.client("logs").filter_log_events(logGroupName="/app/api")["events"]
    assert [event["message"] for event in events] == ['{"route":"GET /health","status":200,"at":"-"}']
