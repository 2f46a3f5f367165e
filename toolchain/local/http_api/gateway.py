"""The data plane of an HTTP API: an ASGI application that makes events of requests, answers of results.

    request -> limits -> route -> authorizer -> body -> event -> function -> answer

No framework in between: all that a request costs is here.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

import orjson

from toolchain.local.asgi import Receive, Scope, Send
from toolchain.local.http_api.access_log import AccessLog, Course, Outcome, make_line
from toolchain.local.http_api.answers import Answer
from toolchain.local.http_api.authorizer import JwtAuthorizer
from toolchain.local.http_api.cors import Cors
from toolchain.local.http_api.errors import (
    ContentTooLargeError,
    GatewayError,
    InternalServerError,
    NotFoundError,
    ServiceUnavailableError,
)
from toolchain.local.http_api.events import make_event
from toolchain.local.http_api.identity import Api, CommonLogTimes
from toolchain.local.http_api.integration import read_answer
from toolchain.local.http_api.keys import KeySource
from toolchain.local.http_api.limits import (
    INTEGRATION_TIMEOUT_SECONDS,
    DisconnectedError,
    check_head,
    read_body,
)
from toolchain.local.http_api.particulars import Particulars
from toolchain.local.http_api.patience import Patience
from toolchain.local.http_api.requests import Request, forwarded_headers, read_request
from toolchain.local.http_api.routes import Authorization, Issuer, Route, Routes
from toolchain.local.http_api.routing import Match, RouteTable
from toolchain.local.invocation import Functions, InvocationError, RequestTooLargeError

_log = logging.getLogger(__name__)


type Refresh = Callable[[str | None], Awaitable[object] | None]
"""What to wait for until what was edited counts: a function's source, or (None) that of all.

None if it counts already. New routes are deployed.
"""


type AnsweredWithError = Callable[[str, str, int], None]
"""Takes a request (`GET /me`), the function that it was for, and a status from 500 on that this returned."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How an API is set up, its routes apart. `clock` gives seconds since the epoch.

    With `refresh`, a route that was edited a moment ago, or its authorization, holds for the next request.
    """

    api: Api
    keys: KeySource
    cors: Cors | None = None
    access_log: AccessLog | None = None
    clock: Callable[[], float] = time.time
    integration_timeout_seconds: float = INTEGRATION_TIMEOUT_SECONDS
    refresh: Refresh | None = None
    answered_with_error: AnsweredWithError | None = None


class HttpApi:
    """The ASGI application. Without routes every request is 404, until `deploy`."""

    def __init__(self, functions: Functions, settings: Settings) -> None:
        self._functions = functions
        self._settings = settings
        self._times = CommonLogTimes()
        self._patience = Patience(settings.integration_timeout_seconds)
        self._table = RouteTable(())
        self._authorizers: dict[Issuer, JwtAuthorizer] = {}

    def deploy(self, routes: Routes) -> None:
        """Serve these routes from now on; requests that have found theirs are not disturbed."""
        issuers = {route.authorization.issuer for route in routes if route.authorization}
        self._authorizers = {
            issuer: self._authorizers.get(issuer)
            or JwtAuthorizer(issuer, self._settings.keys, self._settings.clock)
            for issuer in issuers
        }
        self._table = RouteTable(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI). Raises ValueError for a protocol that is not HTTP."""
        if scope["type"] != "http":
            raise ValueError(f"an HTTP API does not speak {scope['type']}")
        answer = await self.respond(scope, receive)
        if answer:
            start = {"type": "http.response.start", "status": answer.status, "headers": answer.fields}
            await send(start)
            await send({"type": "http.response.body", "body": answer.content, "more_body": False})

    async def respond(self, scope: Scope, receive: Receive) -> Answer | None:
        """The whole answer to a request (toolchain.local.http_api.protocol.Responder).

        None if the client has gone before its request was complete.
        """
        started = time.perf_counter()
        request = read_request(scope, self._settings.clock())
        course = Course()
        try:
            answer = await self._answer(scope, request, receive, course)
        except DisconnectedError:
            return None
        self._write_log(request, course, answer, started)
        return _labelled(answer, request.id)

    async def _answer(self, scope: Scope, request: Request, receive: Receive, course: Course) -> Answer:
        cors, origin = self._settings.cors, request.by_name.get("origin")
        try:
            check_head(scope)
            match = await self._find_route(request)
            if match is None and cors and request.method == "OPTIONS":
                return cors.preflight(origin)
            answer = await self._integrate(scope, request, receive, course, match)
        except GatewayError as error:
            course.error = error
            answer = error.answer()
        except DisconnectedError:
            raise
        except Exception:  # noqa: BLE001 - the boundary: our mistake is one client's 500, and ours to look into
            _log.exception("%s %s failed inside the HTTP API", request.method, request.path)
            course.error = InternalServerError("the HTTP API itself failed; its log says how")
            answer = course.error.answer()
        return cors.apply(answer, origin) if cors else answer

    async def _find_route(self, request: Request) -> Match | None:
        match, table, refresh = self._match(request), self._table, self._settings.refresh
        if refresh is None:
            return match
        try:
            change = refresh(match.route.function if match else None)
            if change is not None:
                await change
        except InvocationError:
            pass  # a function that is gone has a route until it is called
        return match if self._table is table else self._match(request)

    def _match(self, request: Request) -> Match | None:
        prefix, path = self._settings.api.prefix, request.path
        if prefix:
            if path != prefix and not path.startswith(f"{prefix}/"):
                return None
            path = path[len(prefix) :] or "/"
        return self._table.match(request.method, path)

    async def _integrate(
        self, scope: Scope, request: Request, receive: Receive, course: Course, match: Match | None
    ) -> Answer:
        if match is None:
            raise NotFoundError("no route")
        route = match.route
        course.route_key = route.key
        caller = await self._authorize(route.authorization, request) if route.authorization else None
        body = await read_body(request, receive) if request.has_body else b""
        headers = forwarded_headers(request, scope, len(body))
        time_text = self._times.format(request.received_at)
        particulars = Particulars(self._settings.api, request, match, headers, body, caller, time_text)
        payload = await self._invoke(route, make_event(particulars), request.trace, course)
        answer = read_answer(payload, route.payload_format_version)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR and self._settings.answered_with_error:
            self._settings.answered_with_error(
                f"{request.method} {request.path}", route.function, answer.status
            )
        return answer

    async def _authorize(self, authorization: Authorization, request: Request) -> orjson.Fragment:
        """Who calls, as JSON. Raises UnauthorizedError, ForbiddenError."""
        authorizer = self._authorizers[authorization.issuer]
        caller = await authorizer.authorize(request.by_name.get("authorization"), authorization.scopes)
        return caller.with_scopes if authorization.scopes else caller.without_scopes

    async def _invoke(self, route: Route, event: bytes, trace: str, course: Course) -> bytes:
        """What the function returned; raises a GatewayError.

        A call that Lambda refuses is a 500, throttling included (Lambda developer guide:
        services-apigateway-errors); over Lambda's payload limit 413 (aws-lambda-dotnet's LambdaTestTool-v2).
        """
        started = time.perf_counter()
        try:
            with self._patience.limited():
                invocation = await self._functions.invoke(
                    route.function, event, qualifier=route.qualifier, trace=trace
                )
        except TimeoutError:
            raise ServiceUnavailableError("the function did not answer in time") from None
        except RequestTooLargeError as error:
            raise ContentTooLargeError(f"{error.code}: {error}") from error
        except InvocationError as error:
            raise InternalServerError(f"{error.code}: {error}") from error
        finally:
            course.integration_latency = (time.perf_counter() - started) * 1000
        course.integration_request_id = invocation.request_id
        if invocation.error:
            raise InternalServerError(f"the function failed: {invocation.error}")
        return invocation.payload

    def _write_log(self, request: Request, course: Course, answer: Answer, started: float) -> None:
        write = self._settings.access_log
        if write is None:
            return
        moment = self._times.format(request.received_at)
        latency = (time.perf_counter() - started) * 1000
        outcome = Outcome(moment, answer.status, len(answer.content), latency)
        write(make_line(request, course, outcome))


def _labelled(answer: Answer, request_id: str) -> Answer:
    """With what every answer has, and without the content that its status forbids."""
    fields = [*answer.fields, (b"apigw-requestid", request_id.encode("ascii"))]
    if not answer.has_content:
        return Answer(answer.status, fields, b"")
    fields.append((b"content-length", b"%d" % len(answer.content)))
    return Answer(answer.status, fields, answer.content)
