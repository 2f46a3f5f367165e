"""Errors in the words of each of AWS's protocols.

Always status 400: SDKs and Terraform try again for minutes when the answer is 500.
"""

import json
import re
from uuid import uuid4
from xml.sax.saxutils import escape

from toolchain.local.aws.messages import HttpRequest, HttpResponse

NOT_SUPPORTED = "NotSupportedLocally"
FAILED = "LocalCloudError"
# Of the services that users call without signing: with a token of theirs, or as nobody yet.
_TARGETS = {
    "AWSCognitoIdentityProviderService": "cognito-idp",
    "AWSCognitoIdentityService": "cognito-identity",
}


def refuse(request: HttpRequest, code: str, message: str) -> HttpResponse:
    """A 400 that the client's SDK reads as the error `code`."""
    request_id = str(uuid4())
    headers = (("x-amzn-requestid", request_id), ("x-amzn-errortype", code))
    if _speaks_xml(request):
        body = _xml(service_of(request), code, message, request_id)
        return HttpResponse(400, (*headers, ("content-type", "text/xml")), body.encode())
    kind = request.header("content-type") or "application/json"
    media_type = kind if "json" in kind else "application/json"
    return HttpResponse(400, (*headers, ("content-type", media_type)), json_error(code, message))


def json_error(code: str, message: str) -> bytes:
    """The body of an error in the protocols that speak JSON."""
    return json.dumps({"__type": code, "message": message}).encode()


def service_of(request: HttpRequest) -> str:
    """The service's name in the request's signature, `lambda`, or in its target; nothing without both."""
    scope = re.search(
        r"Credential=[^/,\s]*/[0-9]+/[^/]+/([^/]+)/aws4_request", request.header("authorization")
    )
    target = request.header("x-amz-target").rpartition(".")[0]
    return scope[1] if scope else _TARGETS.get(target, target)


def action_of(request: HttpRequest) -> str:
    """What was asked for, as far as the request names it: `CreateQueue`, or its method and path."""
    target = request.header("x-amz-target")
    if target:
        return target.rpartition(".")[2]
    form = request.form if _is_form(request) else {}
    return form.get("Action") or request.parameters.get("Action") or f"{request.method} {request.path}"


def _speaks_xml(request: HttpRequest) -> bool:
    return _is_form(request) or service_of(request) in ("s3", "route53", "cloudfront")


def _is_form(request: HttpRequest) -> bool:
    return request.header("content-type").startswith("application/x-www-form-urlencoded")


def _xml(service: str, code: str, message: str, request_id: str) -> str:
    code, message = escape(code), escape(message)
    error = f"<Code>{code}</Code><Message>{message}</Message>"
    match service:
        case "ec2":
            errors = f"<Errors><Error>{error}</Error></Errors>"
            return f"<Response>{errors}<RequestID>{request_id}</RequestID></Response>"
        case "s3":
            return f"<Error>{error}<RequestId>{request_id}</RequestId></Error>"
        case _:
            error = f"<Error><Type>Sender</Type>{error}</Error>"
            return f"<ErrorResponse>{error}<RequestId>{request_id}</RequestId></ErrorResponse>"
