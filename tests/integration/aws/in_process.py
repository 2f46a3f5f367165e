"""boto3's clients without a socket: what they would send, moto answers in this process, corrected."""

import io
import json
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config

from toolchain.local.aws.messages import Handler, HttpRequest
from toolchain.local.place import Place

PLACE = Place("123456789012", "eu-west-1")
ENDPOINT = "http://127.0.0.1:4566"
_SESSION = boto3.Session(aws_access_key_id="local", aws_secret_access_key="local", region_name=PLACE.region)
_ONCE = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})


class _Body(io.BytesIO):
    def stream(self, **_: object) -> Any:  # noqa: ANN401  as urllib3's
        yield self.read()


class Aws:
    """Clients of one endpoint."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:  # noqa: ANN401  boto3 makes its clients' classes at run time
        if service not in self._clients:
            client = _SESSION.client(service, endpoint_url=ENDPOINT, config=_ONCE)
            client.meta.events.register("before-send", self._answer)
            self._clients[service] = client
        return self._clients[service]

    def role(self, name: str = "functions") -> str:
        """The ARN of a new role."""
        trust = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}], "Version": "2012-10-17"}
        created = self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        return str(created["Role"]["Arn"])

    def function(self, name: str, **settings: Any) -> dict[str, Any]:  # noqa: ANN401  CreateFunction's
        """Create a function, as CreateFunction answers."""
        created: dict[str, Any] = self.client("lambda").create_function(
            **{
                "FunctionName": name,
                "Runtime": "python3.13",
                "Role": self.role(f"{name}-role"),
                "Handler": "handler.handler",
                "Code": {"ZipFile": EMPTY_ZIP},
                **settings,
            }
        )
        return created

    def _answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        url = urlsplit(request.url)
        body = request.body or b""
        if hasattr(body, "read"):
            body = body.read()
        response = self._handler(
            HttpRequest(
                method=request.method,
                path=unquote(url.path) or "/",
                query=url.query,
                headers=(("host", url.netloc), *((n.lower(), _text(v)) for n, v in request.headers.items())),
                body=body.encode() if isinstance(body, str) else bytes(body),
                raw_path=url.path,
            )
        )
        return AWSResponse(request.url, response.status, dict(response.headers), _Body(response.body))


EMPTY_ZIP = b"PK\x05\x06" + bytes(18)


def _text(value: object) -> str:
    return value.decode("latin1") if isinstance(value, bytes) else str(value)
