"""What the HTTP API works with, faked: functions, an issuer that signs tokens, a clock, an ASGI server."""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from joserfc import jws
from joserfc.jwk import RSAKey

from toolchain.local.http_api import (
    Api,
    Authorization,
    HttpApi,
    Issuer,
    KeySourceError,
    Route,
    Routes,
    Settings,
)
from toolchain.local.invocation import (
    LATEST,
    FunctionNotFoundError,
    InvalidPayloadError,
    Invocation,
    InvocationError,
    RequestTooLargeError,
)

API = Api("123456789012", "a1b2c3d4e5", "eu-west-1")
ISSUER_URL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE01"
CLIENT_ID = "3n4b5urk1ft4fl3mg5e62d9ado"
SIGN_IN = "aws.cognito.signin.user.admin"
SUB = "5d1e8a3c-7b7e-4c0b-9a51-0c7c6f2f9d10"
NOW = 1_769_860_800.25  # 31 January 2026, 12:00 UTC, and a quarter of a second
ISSUER = Issuer(ISSUER_URL, frozenset({CLIENT_ID}))
SIGNED_IN = Authorization(ISSUER, frozenset({SIGN_IN}))
_LAMBDA_BYTES = 6 * 1024 * 1024

type Behaviour = Callable[[dict[str, Any]], object]


def echo(event: dict[str, Any]) -> dict[str, Any]:
    """What the function got, as the content."""
    got = {"method": event["requestContext"]["http"]["method"], "path": event["rawPath"]}
    return {**got, "body": event.get("body"), "headers": event["headers"]}


@dataclass
class FakeClock:
    """Seconds since the epoch, until they are changed."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Call:
    """A call of a function, with everything it was given."""

    name: str
    event: dict[str, Any]
    qualifier: str | None
    client_context: bytes | None
    trace: str | None


@dataclass
class FakeFunctions:
    """Functions by name: what they return for an event, or raise. bytes are a payload as it is.

    An InvocationError is Lambda's refusal; any other exception is the function's own failure.
    """

    behaviours: Mapping[str, Behaviour]
    qualifiers: frozenset[str] = frozenset({LATEST, "live"})
    calls: list[Call] = field(default_factory=list)
    seconds: float = 0.0

    async def invoke(
        self,
        name: str,
        payload: bytes,
        *,
        qualifier: str | None = None,
        client_context: bytes | None = None,
        trace: str | None = None,
    ) -> Invocation:
        if name not in self.behaviours or (qualifier or LATEST) not in self.qualifiers:
            raise FunctionNotFoundError(f"Function not found: {name}:{qualifier or LATEST}")
        if len(payload) > _LAMBDA_BYTES:
            raise RequestTooLargeError(f"Request must be smaller than {_LAMBDA_BYTES} bytes")
        try:
            event = json.loads(payload)
        except ValueError as error:
            raise InvalidPayloadError("Could not parse request body into json") from error
        self.calls.append(Call(name, event, qualifier, client_context, trace))
        await asyncio.sleep(self.seconds)
        return self._run(name, event, qualifier or LATEST)

    def _run(self, name: str, event: dict[str, Any], version: str) -> Invocation:
        try:
            result = self.behaviours[name](event)
        except InvocationError:
            raise
        except Exception as error:  # noqa: BLE001 - as Lambda's runtime
            failure = {"errorMessage": str(error), "errorType": type(error).__name__}
            return Invocation("request-1", json.dumps(failure).encode(), error="Unhandled", version=version)
        payload = result if isinstance(result, bytes) else json.dumps(result).encode()
        return Invocation("request-1", payload, version=version)


class FakeIssuer:
    """Signs tokens, and publishes its keys. A KeySource that counts how often it is asked."""

    _shared = RSAKey.generate_key(2048, {"kid": "key-1", "use": "sig"})

    def __init__(self, url: str = ISSUER_URL) -> None:
        self.url = url
        self.key = self._shared
        self.fetched = 0
        self.failure: str | None = None

    async def fetch(self, issuer: str) -> Mapping[str, Any]:
        self.fetched += 1
        await asyncio.sleep(0)
        if self.failure or issuer != self.url:
            raise KeySourceError(self.failure or f"{issuer} is unknown")
        return {"keys": [self.key.as_dict(private=False)]}

    def rotate(self, kid: str) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})

    def token(self, header: Mapping[str, Any] | None = None, /, **claims: object) -> str:
        """A good access token, but for what is given; a claim that is None is left out."""
        members = {**access_token(), "iss": self.url, **claims}
        present = {name: value for name, value in members.items() if value is not None}
        protected = {"alg": "RS256", "kid": self.key.kid, **(header or {})}
        return sign(protected, json.dumps(present).encode(), self.key)


def sign(header: Mapping[str, Any], payload: bytes, key: RSAKey) -> str:
    """A JWS with any header and payload."""
    algorithms = ["RS256", "RS384", "RS512", "PS256"]
    registry = jws.JWSRegistry(algorithms=algorithms, strict_check_header=False)
    present = {name: value for name, value in header.items() if value is not None}
    return jws.serialize_compact(present, payload, key, registry=registry)


def access_token() -> dict[str, Any]:
    """The claims of an access token of Cognito, issued now for an hour."""
    issued = int(NOW)
    return {
        "sub": SUB,
        "iss": ISSUER_URL,
        "client_id": CLIENT_ID,
        "token_use": "access",
        "scope": SIGN_IN,
        "auth_time": issued,
        "iat": issued,
        "exp": issued + 3600,
        "username": SUB,
    }


@dataclass(frozen=True)
class Response:
    """What an ASGI application sent. Names of headers are in small letters."""

    status: int
    headers: list[tuple[str, str]]
    content: bytes

    def header(self, name: str) -> str | None:
        values = [value for key, value in self.headers if key == name]
        assert len(values) <= 1, f"{name} is there {len(values)} times"
        return values[0] if values else None

    def own_headers(self) -> dict[str, str]:
        """The headers that differ from answer to answer, as a mapping."""
        return {
            name: value for name, value in self.headers if name not in {"apigw-requestid", "content-length"}
        }


@dataclass
class Gateway:
    """An HttpApi with fakes around it, called as an ASGI server would."""

    routes: Iterable[Route]
    behaviours: Mapping[str, Behaviour]
    settings: Mapping[str, Any] = field(default_factory=dict)
    issuer: FakeIssuer = field(default_factory=FakeIssuer)
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.functions = FakeFunctions(self.behaviours)
        self.lines: list[bytes] = []
        settings = {"api": API, "keys": self.issuer, "access_log": self.lines.append, "clock": self.clock}
        self.application = HttpApi(self.functions, Settings(**{**settings, **self.settings}))
        self.application.deploy(Routes.of(self.routes))

    @property
    def event(self) -> dict[str, Any]:
        """The event of the last call of a function."""
        return self.functions.calls[-1].event

    @property
    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]

    def request(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes | Iterable[bytes] = b"",
    ) -> Response:
        """The answer to a request. A body in pieces has no content-length, as a chunked one."""
        return asyncio.run(self._request(method, target, headers, body))

    async def _request(
        self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes | Iterable[bytes]
    ) -> Response:
        sent: list[MutableMapping[str, Any]] = []

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        scope, receive = asgi_request(method, target, headers, body)
        await self.application(scope, receive, send)
        start, content = sent
        fields = [(name.decode(), value.decode()) for name, value in start["headers"]]
        return Response(start["status"], fields, content["body"])


def asgi_request(
    method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes | Iterable[bytes]
) -> tuple[dict[str, Any], Callable[[], Any]]:
    """A scope and a `receive`, as uvicorn makes them."""
    raw_path, _, query = target.partition("?")
    is_whole = isinstance(body, bytes)
    pieces = [body] if isinstance(body, bytes) else list(body)
    given = [(name.lower(), value) for name, value in headers]
    own = [] if "host" in dict(given) else [("host", "localhost:8000")]
    if is_whole and pieces[0]:
        own.append(("content-length", str(len(pieces[0]))))
    elif not is_whole:
        own.append(("transfer-encoding", "chunked"))
    messages = [
        {"type": "http.request", "body": piece, "more_body": index < len(pieces) - 1}
        for index, piece in enumerate(pieces)
    ]

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50123),
        "scheme": "http",
        "method": method,
        "path": unquote(raw_path),
        "raw_path": raw_path.encode("ascii"),
        "query_string": query.encode("latin-1"),
        "headers": [(name.encode(), value.encode()) for name, value in [*own, *given]],
    }
    return scope, receive
