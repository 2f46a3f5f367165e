"""The ASGI application of the AWS endpoint."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from toolchain.local.asgi import Receive, Scope, Send
from toolchain.local.aws.messages import Handler, HttpRequest, HttpResponse
from toolchain.local.aws.refusals import FAILED, refuse

_logger = logging.getLogger(__name__)

# A thread waits while a Cognito trigger runs, and the trigger may call Cognito: there must be more threads
# than triggers that run at once.
_THREADS = 128


class AwsEndpoint:
    """Reads a request, has the handler answer it in a thread, and sends what it answers."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="aws")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"the AWS endpoint speaks HTTP, not {scope['type']}")
        body = await _read(receive)
        if body is None:
            return
        request = _request(scope, body)
        loop = asyncio.get_running_loop()
        try:
            response = await loop.run_in_executor(self._threads, self._answer, request)
        except asyncio.CancelledError:  # by the server, which has waited long enough as it goes down
            response = refuse(request, FAILED, "the local cloud is going down")
        headers = [(name.encode("latin1"), value.encode("latin1")) for name, value in response.headers]
        if request.method != "HEAD" and not any(name.lower() == b"content-length" for name, _ in headers):
            headers.append((b"content-length", b"%d" % len(response.body)))  # else it would go in chunks
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": response.body})

    def _answer(self, request: HttpRequest) -> HttpResponse:
        try:
            return self._handler(request)
        except Exception as error:  # the last boundary: the client gets an answer, the log the reason
            _logger.exception("%s %s failed", request.method, request.path)
            return refuse(request, FAILED, f"the local cloud failed: {error!r}")

    def close(self) -> None:
        """Take no more requests; those that run are not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)


async def _read(receive: Receive) -> bytes | None:
    """The body, or None for a client that went away."""
    chunks = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


def _request(scope: Scope, body: bytes) -> HttpRequest:
    return HttpRequest(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin1"),
        headers=tuple((name.decode("latin1"), value.decode("latin1")) for name, value in scope["headers"]),
        body=body,
        raw_path=(scope.get("raw_path") or b"").decode("latin1"),
        client=tuple(scope.get("client") or ("127.0.0.1", 0)),
        server=tuple(scope.get("server") or ("127.0.0.1", 80)),
    )
