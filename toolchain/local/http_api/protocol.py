"""HTTP on a connection: uvicorn's protocol, made strict, and quick for requests without a body.

For each request uvicorn makes a dozen objects and two timers, for all that ASGI can express. A request
without a body that finds its connection at rest has all it needs, and its answer is a whole: such requests
are handed on and answered directly. All others take uvicorn's way.
"""

import asyncio
import re
from typing import Any, NoReturn, Protocol, runtime_checkable
from urllib.parse import unquote

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from toolchain.local.asgi import Receive, Scope
from toolchain.local.deadlines import Deadlines
from toolchain.local.http_api.answers import Answer
from toolchain.local.http_api.errors import BadRequestError

KEEP_ALIVE_SECONDS = 75
"""How long a connection stays open without a request."""

# Of these, httptools' parser for URLs makes the same two parts.
_PLAIN_TARGET = re.compile(rb"(/[\w.~%+/-]*)(?:\?([\w.~%+/=&:@,;!$'()*-]*))?", re.ASCII)
_NOT_QUICK = frozenset({b"content-length", b"transfer-encoding", b"expect"})


@runtime_checkable
class Responder(Protocol):
    """An ASGI application that can also answer as a whole."""

    async def respond(self, scope: Scope, receive: Receive) -> Answer | None:
        """The answer to an HTTP request; None if there is nobody to answer."""


class Exchange:
    """A request that is answered directly: what uvicorn looks at in place of its RequestResponseCycle."""

    message_event = asyncio.Event()  # uvicorn sets it when the connection is lost; nobody waits for it
    more_body = False

    def __init__(self, scope: Scope, *, keep_alive: bool) -> None:
        self.scope = scope
        self.keep_alive = keep_alive
        self.disconnected = False
        self.response_complete = False
        self.task: asyncio.Task[None] | None = None


class StrictProtocol(HttpToolsProtocol):
    """Answers what is not HTTP in JSON, in its turn; and upgrades to nothing (RFC 9110, 7.8)."""

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._stay(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self.send_400_response("")

    def on_headers_complete(self) -> None:
        if not self.parser.should_upgrade():
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def _stay(self, rest: bytes) -> None:
        """Read a request that asks for another protocol as if it did not.

        httptools takes what follows its head for the other protocol; but clients that offer HTTP/2
        (curl --http2, Java's) send a body as always, and go on if the offer is not taken.
        """
        method = self.parser.get_method()
        if method == b"CONNECT":
            self.send_400_response("")
            return
        version = self.parser.get_http_version().encode("ascii")
        fields = [b"%b: %b\r\n" % field for field in self.headers if field[0] != b"upgrade"]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does
        head = b"%b %b HTTP/%b\r\n%b\r\n" % (method, self.url, version, b"".join(fields))
        self.data_received(head + rest)

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP, unless that would be taken for the answer to an earlier request."""
        del msg
        last = self.cycle
        if last and not last.response_complete and not last.more_body:
            last.keep_alive = False  # the connection ends with the answer to the last good request
            return
        if last and not last.response_complete:
            last.disconnected = True  # it has broken off
            last.message_event.set()
        if not self.pipeline:
            answer = BadRequestError().answer()
            fields = [*answer.fields, (b"content-length", b"%d" % len(answer.content))]
            self.transport.write(_rendered(answer.status, [*fields, _CLOSE], answer.content))
        self.transport.close()


class QuickProtocol(StrictProtocol):
    """Of a Responder. Connections at rest share one timer."""

    app: Any
    cycle: Any

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as uvicorn's
        super().__init__(*args, **options)
        self._is_quick = True
        state: Any = self.server_state  # what all connections of a server have in common
        if not hasattr(state, "resting"):
            state.resting = Deadlines[QuickProtocol](self.loop)
        self._resting: Deadlines[QuickProtocol] = state.resting

    def connection_lost(self, exc: Exception | None) -> None:
        self._resting.lift(self)
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        self.url = b""
        self.headers = []
        self._is_quick = True

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if name in _NOT_QUICK:
            self._is_quick = False
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        last = self.cycle
        if self._is_quick and (last is None or last.response_complete) and not self.flow.write_paused:
            target = _PLAIN_TARGET.fullmatch(self.url)
            if target and not self.parser.should_upgrade():
                self._begin(target[1], target[2] or b"")
                return
        self._repeat_for_uvicorn()
        super().on_headers_complete()

    def _repeat_for_uvicorn(self) -> None:
        """Let it make of the head what it would have made."""
        url, headers = self.url, self.headers
        super().on_message_begin()
        self.url = url
        for name, value in headers:
            super().on_header(name, value)

    def on_message_complete(self) -> None:
        if type(self.cycle) is not Exchange:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """As uvicorn's, but for the timer."""
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)
        else:
            self._resting.set(self, KEEP_ALIVE_SECONDS, QuickProtocol.timeout_keep_alive_handler)

    def _unset_keepalive_if_required(self) -> None:
        self._resting.lift(self)

    def _begin(self, raw_path: bytes, query: bytes) -> None:
        version = self.parser.get_http_version()
        path = raw_path.decode("ascii")
        scope: Scope = {
            "type": "http",
            "http_version": version,
            "method": self.parser.get_method().decode("ascii"),
            "scheme": self.scheme,
            "path": unquote(path) if "%" in path else path,
            "raw_path": raw_path,
            "query_string": query,
            "headers": self.headers,
            "client": self.client,
            "server": self.server,
        }
        keep_alive = version != "1.0" and self.parser.should_keep_alive()
        self.cycle = exchange = Exchange(scope, keep_alive=keep_alive)
        task = self.loop.create_task(self._respond(exchange))
        self.tasks.add(task)
        exchange.task = task

    async def _respond(self, exchange: Exchange) -> None:
        try:
            answer = await self.app.respond(exchange.scope, _receive_nothing)
            # A connection that was reset is closed a moment before it is said to be lost.
            if answer and not self.transport.is_closing():
                self._send(exchange, answer)
        except BaseException:
            self.transport.close()  # nobody else knows that there will be no answer
            raise
        finally:
            if exchange.task:
                self.tasks.discard(exchange.task)

    def _send(self, exchange: Exchange, answer: Answer) -> None:
        fields = [*self.server_state.default_headers, *answer.fields]
        if not exchange.keep_alive:
            fields.append(_CLOSE)
        content = b"" if exchange.scope["method"] == "HEAD" else answer.content
        self.transport.write(_rendered(answer.status, fields, content))
        exchange.response_complete = True
        if not exchange.keep_alive:
            self.transport.close()
        self.on_response_complete()


_CLOSE = (b"connection", b"close")


def _rendered(status: int, fields: list[tuple[bytes, bytes]], content: bytes) -> bytes:
    head = b"".join([b"%b: %b\r\n" % field for field in fields])
    return b"%b%b\r\n%b" % (STATUS_LINE[status], head, content)


async def _receive_nothing() -> NoReturn:
    raise AssertionError("a request without a body was read")
