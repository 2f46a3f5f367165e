"""Errors in the words of each protocol."""

import json

import pytest

from toolchain.local.aws.messages import HttpRequest
from toolchain.local.aws.refusals import action_of, refuse, service_of

FORM = ("content-type", "application/x-www-form-urlencoded; charset=utf-8")
JSON = ("content-type", "application/x-amz-json-1.0")


def signed(service: str) -> tuple[str, str]:
    scope = f"Credential=test/20260101/eu-west-1/{service}/aws4_request"
    return ("authorization", f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0")


@pytest.mark.parametrize(
    ("request_", "action", "media_type", "start"),
    [
        (
            HttpRequest("POST", "/", headers=(FORM, signed("ec2")), body=b"Action=Fly&Version=1"),
            "Fly",
            "text/xml",
            "<Response><Errors><Error><Code>No</Code><Message>&lt;no&gt;</Message></Error></Errors>",
        ),
        (
            HttpRequest("POST", "/", headers=(FORM, signed("iam")), body=b"Action=Fly"),
            "Fly",
            "text/xml",
            "<ErrorResponse><Error><Type>Sender</Type><Code>No</Code><Message>&lt;no&gt;</Message></Error>",
        ),
        (
            HttpRequest("GET", "/bucket", headers=(signed("s3"),)),
            "GET /bucket",
            "text/xml",
            "<Error><Code>No</Code><Message>&lt;no&gt;</Message>",
        ),
        (
            HttpRequest("POST", "/", headers=(JSON, ("x-amz-target", "SQS.Fly"), signed("sqs"))),
            "Fly",
            "application/x-amz-json-1.0",
            json.dumps({"__type": "No", "message": "<no>"}),
        ),
        (
            HttpRequest("GET", "/2015-03-31/fly", headers=(signed("lambda"),)),
            "GET /2015-03-31/fly",
            "application/json",
            json.dumps({"__type": "No", "message": "<no>"}),
        ),
    ],
)
def test_refusal_speaks_the_protocol(request_: HttpRequest, action: str, media_type: str, start: str) -> None:
    response = refuse(request_, "No", "<no>")
    headers = dict(response.headers)
    assert (response.status, headers["content-type"], headers["x-amzn-errortype"]) == (400, media_type, "No")
    assert response.body.decode().startswith(start)
    assert action_of(request_) == action


@pytest.mark.parametrize(
    ("headers", "service"),
    [
        ((signed("lambda"),), "lambda"),
        ((signed("sqs"), ("x-amz-target", "AmazonSQS.Fly")), "sqs"),
        ((("x-amz-target", "AWSCognitoIdentityProviderService.ListDevices"),), "cognito-idp"),
        ((("x-amz-target", "DynamoDB_20120810.Fly"),), "DynamoDB_20120810"),
        ((), ""),
    ],
)
def test_service_of_a_request(headers: tuple[tuple[str, str], ...], service: str) -> None:
    """Calls with a user's token are not signed; then the target names the service."""
    assert service_of(HttpRequest("POST", "/", headers=headers)) == service
