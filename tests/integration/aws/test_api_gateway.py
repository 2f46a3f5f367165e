"""API Gateway's HTTP APIs, as the AWS provider of Terraform needs them."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.aws.in_process import Aws

CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/1"
DOMAIN = {"CertificateArn": CERTIFICATE, "EndpointType": "REGIONAL", "SecurityPolicy": "TLS_1_2"}


def test_stage_is_updated(aws: Aws) -> None:
    """What is not named stays, routes' settings too."""
    client = aws.client("apigatewayv2")
    api = client.create_api(Name="api", ProtocolType="HTTP")["ApiId"]
    me, all_ = {"ThrottlingBurstLimit": 1}, {"ThrottlingBurstLimit": 100}
    client.create_stage(
        ApiId=api, StageName="$default", AutoDeploy=True, Description="one", RouteSettings={"GET /me": me}
    )
    client.update_stage(
        ApiId=api,
        StageName="$default",
        AccessLogSettings={"DestinationArn": "arn:aws:logs:eu-west-1:123456789012:log-group:api"},
        DefaultRouteSettings=all_,
        RouteSettings={"GET /all": all_},
        StageVariables={"a": "1"},
    )
    stage = client.get_stage(ApiId=api, StageName="$default")
    assert stage["RouteSettings"] == {"GET /me": me, "GET /all": all_}
    assert (stage["AutoDeploy"], stage["Description"], stage["StageVariables"]) == (True, "one", {"a": "1"})
    assert stage["DefaultRouteSettings"] == all_
    assert stage["AccessLogSettings"]["DestinationArn"].endswith(":api")


def test_credentials_are_for_origins_that_are_named(aws: Aws) -> None:
    """However the configuration comes; what is refused changes nothing."""
    client = aws.client("apigatewayv2")
    fine: dict[str, Any] = {"AllowCredentials": True, "AllowOrigins": ["https://example.com"]}
    bad: dict[str, Any] = {"AllowCredentials": True, "AllowOrigins": ["https://example.com", "*"]}
    api = client.create_api(Name="api", ProtocolType="HTTP", CorsConfiguration=fine)["ApiId"]
    client.create_stage(ApiId=api, StageName="$default")
    document = {"x-amazon-apigateway-cors": {"allowCredentials": True, "allowOrigins": ["*"]}}
    for operation, arguments in (
        ("create_api", {"Name": "other", "ProtocolType": "HTTP", "CorsConfiguration": bad}),
        ("update_api", {"ApiId": api, "CorsConfiguration": bad}),
        ("reimport_api", {"ApiId": api, "Body": json.dumps(document)}),
    ):
        with pytest.raises(ClientError) as error:
            getattr(client, operation)(**arguments)
        assert error.value.response["Error"] == {
            "Code": "BadRequestException",
            "Message": "allow-credentials is not supported if 'allow-origin' is *",
        }
    assert [found["CorsConfiguration"] for found in client.get_apis()["Items"]] == [fine]
    assert len(client.get_stages(ApiId=api)["Items"]) == 1
    client.update_api(ApiId=api, CorsConfiguration={"AllowOrigins": ["*"]})


def test_domain_is_available_and_has_a_target(aws: Aws) -> None:
    client = aws.client("apigatewayv2")
    client.create_domain_name(DomainName="api.example.com", DomainNameConfigurations=[DOMAIN])
    found = client.get_domain_name(DomainName="api.example.com")
    configuration = found["DomainNameConfigurations"][0]
    assert configuration["DomainNameStatus"] == "AVAILABLE"
    assert configuration["ApiGatewayDomainName"].endswith(".execute-api.eu-west-1.amazonaws.com")
    assert configuration["HostedZoneId"]
    assert "MutualTlsAuthentication" not in found
    other = {**DOMAIN, "CertificateArn": f"{CERTIFICATE}2"}
    client.update_domain_name(DomainName="api.example.com", DomainNameConfigurations=[other])
    found = client.get_domain_name(DomainName="api.example.com")
    assert found["DomainNameConfigurations"][0]["CertificateArn"] == f"{CERTIFICATE}2"


def test_domain_goes_with_its_mappings(aws: Aws) -> None:
    client = aws.client("apigatewayv2")
    apis = [client.create_api(Name=name, ProtocolType="HTTP")["ApiId"] for name in ("one", "two")]
    client.create_domain_name(DomainName="api.example.com", DomainNameConfigurations=[DOMAIN])
    mapping = client.create_api_mapping(DomainName="api.example.com", ApiId=apis[0], Stage="$default")
    named = {"DomainName": "api.example.com", "ApiMappingId": mapping["ApiMappingId"]}
    client.update_api_mapping(**named, ApiId=apis[1], Stage="$default")
    assert client.get_api_mapping(**named)["ApiId"] == apis[1]
    client.delete_domain_name(DomainName="api.example.com")
    assert client.get_domain_names()["Items"] == []


def test_tags_of_domains_and_stages_are_changed(aws: Aws) -> None:
    client = aws.client("apigatewayv2")
    api = client.create_api(Name="api", ProtocolType="HTTP")["ApiId"]
    client.create_stage(ApiId=api, StageName="$default", Tags={"a": "1"})
    client.create_domain_name(
        DomainName="api.example.com", DomainNameConfigurations=[DOMAIN], Tags={"a": "1"}
    )
    root = "arn:aws:apigateway:eu-west-1::"
    for arn in (f"{root}/domainnames/api.example.com", f"{root}/apis/{api}/stages/$default"):
        client.tag_resource(ResourceArn=arn, Tags={"b": "2"})
        client.untag_resource(ResourceArn=arn, TagKeys=["a"])
    assert client.get_domain_name(DomainName="api.example.com")["Tags"] == {"b": "2"}
    assert client.get_stage(ApiId=api, StageName="$default")["Tags"] == {"b": "2"}


def test_integration_that_a_route_refers_to_stays(aws: Aws) -> None:
    """AWS's answer to Terraform, where the route moves to another function in the same apply."""
    client = aws.client("apigatewayv2")
    api = client.create_api(Name="api", ProtocolType="HTTP")["ApiId"]
    old, new = (
        client.create_integration(ApiId=api, IntegrationType="AWS_PROXY", PayloadFormatVersion="2.0")[
            "IntegrationId"
        ]
        for _ in range(2)
    )
    route = client.create_route(ApiId=api, RouteKey="GET /me", Target=f"integrations/{old}")["RouteId"]
    with pytest.raises(ClientError) as refused:
        client.delete_integration(ApiId=api, IntegrationId=old)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409
    assert refused.value.response["Error"] == {
        "Code": "ConflictException",
        "Message": "Cannot delete Integration because it is referenced by the following Routes with Ids: "
        f"[{route}]",
    }
    client.update_route(ApiId=api, RouteId=route, Target=f"integrations/{new}")
    client.delete_integration(ApiId=api, IntegrationId=old)
    assert [one["IntegrationId"] for one in client.get_integrations(ApiId=api)["Items"]] == [new]


def test_authorizer_that_a_route_refers_to_stays(aws: Aws) -> None:
    """A route lets go of it when it is told to have none, as the AWS provider does."""
    client = aws.client("apigatewayv2")
    api = client.create_api(Name="api", ProtocolType="HTTP")["ApiId"]
    pool = {"Issuer": "https://issuer.example.com", "Audience": ["client"]}
    authorizer = client.create_authorizer(
        ApiId=api, AuthorizerType="JWT", IdentitySource=["x"], Name="user-pool", JwtConfiguration=pool
    )["AuthorizerId"]
    route = client.create_route(
        ApiId=api, RouteKey="GET /me", AuthorizationType="JWT", AuthorizerId=authorizer
    )["RouteId"]
    with pytest.raises(ClientError) as refused:
        client.delete_authorizer(ApiId=api, AuthorizerId=authorizer)
    assert refused.value.response["Error"] == {
        "Code": "ConflictException",
        "Message": "Cannot delete authorizer 'user-pool', is referenced in route: GET /me",
    }
    client.update_route(ApiId=api, RouteId=route, AuthorizationType="NONE", AuthorizerId="")
    client.delete_authorizer(ApiId=api, AuthorizerId=authorizer)
    with pytest.raises(client.exceptions.NotFoundException):
        client.get_authorizer(ApiId=api, AuthorizerId=authorizer)
