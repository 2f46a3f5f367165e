"""The AWS endpoint with Cognito, over HTTP, for real clients; only the functions of triggers are fakes."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
import uvicorn
from joserfc import jws

from toolchain.local.aws.assembly import assemble
from toolchain.local.aws.endpoint import AwsEndpoint
from toolchain.local.aws.function_logs import FunctionLogs
from toolchain.local.aws.messages import Handler, HttpRequest, HttpResponse
from toolchain.local.cognito.service import Cognito, open_cognito
from toolchain.local.invocation import FunctionNotFoundError, Invocation

REGION = "eu-west-1"
PASSWORD = "Correct-horse-1"
type Event = dict[str, Any]


def refused(error: pytest.ExceptionInfo[Any]) -> tuple[str, str]:
    """The code and the message that a client of boto3 gets."""
    details = error.value.response["Error"]
    return details["Code"], details["Message"]


def claims(token: str) -> dict[str, Any]:
    """What a token says; nothing is verified."""
    found: dict[str, Any] = json.loads(jws.extract_compact(token.encode()).payload)
    return found


def arn(function: str) -> str:
    return f"arn:aws:lambda:{REGION}:123456789012:function:{function}"


@dataclass
class FakeFunctions:
    """Functions that are Python callables: event -> result. One that raises fails as on Lambda.

    `seconds` is how long each name takes: with more than the caller waits, the call times out.
    """

    handlers: dict[str, Callable[[Event], Any]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    calls: list[tuple[str, Event]] = field(default_factory=list)

    def invoke(self, name: str, payload: bytes, timeout_seconds: float) -> Invocation:
        name = name.rpartition(":")[2]
        if name not in self.handlers:
            raise FunctionNotFoundError(f"Function not found: {name}")
        self.calls.append((name, json.loads(payload)))
        if self.seconds.get(name, 0.0) > timeout_seconds:
            raise TimeoutError
        try:
            result = self.handlers[name](json.loads(payload))
        except Exception as error:  # noqa: BLE001  whatever the handler raises is its failure
            failure = {"errorMessage": str(error), "errorType": type(error).__name__}
            return Invocation("id", json.dumps(failure).encode(), error="Unhandled")
        return Invocation("id", result if isinstance(result, bytes) else json.dumps(result).encode())

    def events(self, name: str) -> list[Event]:
        return [event for called, event in self.calls if called == name]

    def sources(self) -> list[str]:
        return [event["triggerSource"] for _, event in self.calls]


@dataclass
class MovableClock:
    """The time, and what the test adds to it."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class Server:
    """A server whose handler tests exchange."""

    port: int
    handler: Handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.handler(request)


@contextmanager
def serve() -> Iterator[Server]:
    """A server on a free port of the loopback."""
    server = Server(0, lambda _request: HttpResponse(503))
    endpoint = AwsEndpoint(server)
    config = uvicorn.Config(
        endpoint, host="127.0.0.1", port=0, lifespan="off", log_level="warning", access_log=False
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    server.port = running.servers[0].sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        running.should_exit = True
        thread.join(10)
        endpoint.close()


@dataclass
class LocalAws:
    """What a test works with."""

    server: Server
    directory: Path
    functions: FakeFunctions = field(default_factory=FakeFunctions)
    clock: MovableClock = field(default_factory=MovableClock)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.cognito: Cognito = open_cognito(self.directory, self.functions, self.clock)
        self.logs = FunctionLogs(lambda _: ("123456789012", REGION))
        self.server.handler = assemble(self.cognito, (self.logs,), database=None)

    def restart(self) -> None:
        self.stop()
        self.start()

    def stop(self) -> None:
        self.cognito.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def client(self, service: str = "cognito-idp") -> Any:  # noqa: ANN401  boto3's clients have no types
        return boto3.client(service, region_name=REGION, endpoint_url=self.url)

    def inbox(self, to: str = "") -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = requests.get(f"{self.url}/_inbox", {"to": to}, timeout=10).json()
        return messages

    def code(self, to: str) -> str:
        """The latest code that was sent to an address."""
        return str(self.inbox(to)[0]["code"])

    def pool(self, **settings: Any) -> "PoolUnderTest":  # noqa: ANN401  CreateUserPool's arguments
        """A pool of its own; by default one whose users sign up with their e-mail."""
        defaults: dict[str, Any] = {"UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"]}
        merged = {name: value for name, value in {**defaults, **settings}.items() if value is not None}
        mfa = merged.pop("software_tokens", None)
        pool_id = self.client().create_user_pool(PoolName="test", **merged)["UserPool"]["Id"]
        if mfa:
            self.client().set_user_pool_mfa_config(
                UserPoolId=pool_id,
                SoftwareTokenMfaConfiguration={"Enabled": True},
                MfaConfiguration=mfa,
            )
        return PoolUnderTest(self, pool_id)


@dataclass
class PoolUnderTest:
    """A pool, with the steps that many tests begin with."""

    aws: LocalAws
    id: str
    client_id: str = ""

    def __post_init__(self) -> None:
        self.idp = self.aws.client()
        if not self.client_id:
            self.client_id = self.app_client()["ClientId"]

    def app_client(self, **settings: Any) -> dict[str, Any]:  # noqa: ANN401  CreateUserPoolClient's arguments
        flows = ["USER_SRP", "USER_PASSWORD", "ADMIN_USER_PASSWORD", "CUSTOM", "REFRESH_TOKEN"]
        defaults = {"ExplicitAuthFlows": [f"ALLOW_{flow}_AUTH" for flow in flows]}
        answer = self.idp.create_user_pool_client(
            UserPoolId=self.id, ClientName="app", **{**defaults, **settings}
        )
        client: dict[str, Any] = answer["UserPoolClient"]
        return client

    def sign_up(self, name: str, password: str = PASSWORD, **more: Any) -> dict[str, Any]:  # noqa: ANN401  SignUp's
        answer: dict[str, Any] = self.idp.sign_up(
            ClientId=self.client_id, Username=name, Password=password, **more
        )
        return answer

    def confirm(self, name: str, code: str | None = None) -> None:
        self.idp.confirm_sign_up(
            ClientId=self.client_id, Username=name, ConfirmationCode=code or self.aws.code(name)
        )

    def confirmed(self, name: str, password: str = PASSWORD) -> str:
        """Sign up and confirm a user; returns the sub."""
        sub = self.sign_up(name, password)["UserSub"]
        self.confirm(name)
        return str(sub)

    def sign_in(self, name: str, password: str = PASSWORD) -> dict[str, Any]:
        """AuthenticationResult, by USER_PASSWORD_AUTH."""
        answer = self.idp.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": password},
        )
        result: dict[str, Any] = answer["AuthenticationResult"]
        return result
