"""Lambda's Runtime API as awslambdaric's C++ extension offers it, over a socket instead of HTTP.

awslambdaric imports a module `runtime_client`, takes invocations from it and hands results to it.
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import os
import resource
import socket
import sys
from types import ModuleType
from typing import NoReturn

from toolchain.local.payloads import RESPONSE_LIMIT_BYTES
from toolchain.local.workers.child.frames import ANSWER, REQUEST, Kind

_TOO_LARGE = {
    "errorMessage": "Response payload size exceeded maximum allowed payload size"
    f" ({RESPONSE_LIMIT_BYTES} bytes).",
    "errorType": "Function.ResponseSizeTooLarge",
}

type Headers = dict[str, str | int | None]


class RuntimeClient:
    """One end of the conversation. What is posted goes out when the next invocation is asked for.

    One write then says both that the result is here and that this instance waits.
    """

    def __init__(self, messages: socket.socket) -> None:
        self._messages = messages
        self._incoming = messages.makefile("rb", 65536)
        self._kind = Kind.READY
        self._body = b""

    def module(self) -> ModuleType:
        """What `import runtime_client` gives."""
        module = ModuleType("runtime_client")
        module.__dict__.update(
            initialize_client=lambda _user_agent: None,
            next=self.next,
            post_invocation_result=self.post_invocation_result,
            post_error=self.post_error,
        )
        return module

    def next(self) -> tuple[bytes, Headers]:
        """Wait for an invocation: the event, and the headers of the Runtime API."""
        self.send(self._kind, self._body)
        self._body = b""
        head_size, event_size = REQUEST.unpack(self._read(REQUEST.size))
        return self._event(self._read(head_size), event_size)

    def post_invocation_result(
        self, _request_id: str, result: bytes, _content_type: str, _invocation_id: str | None = None
    ) -> None:
        if len(result) <= RESPONSE_LIMIT_BYTES:
            self._kind, self._body = Kind.RESULT, result
            return
        print("LAMBDA_RUNTIME Failed to post handler success response. Http response code: 413.")  # noqa: T201
        self._kind, self._body = Kind.ERROR, json.dumps(_TOO_LARGE).encode()

    def post_error(
        self, _request_id: str, error: str, _xray_cause: str, _invocation_id: str | None = None
    ) -> None:
        self._kind, self._body = Kind.ERROR, error.encode()

    def send(self, kind: Kind, body: bytes) -> None:
        peak = peak_kb(resource.getrusage(resource.RUSAGE_SELF))
        try:
            self._messages.sendall(ANSWER.pack(kind, peak, len(body)) + body)
        except (BrokenPipeError, ConnectionResetError):
            _end()

    def _event(self, head: bytes, event_size: int) -> tuple[bytes, Headers]:
        request_id, deadline_ms, arn, trace, client_context = head.decode().split("\n", 4)
        return self._read(event_size), {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": request_id,
            "Lambda-Runtime-Deadline-Ms": int(deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": arn,
            "Lambda-Runtime-Trace-Id": trace,
            "Lambda-Runtime-Client-Context": client_context or None,
        }

    def _read(self, size: int) -> bytes:
        data: bytes = self._incoming.read(size)
        if len(data) < size:
            _end()
        return data


def peak_kb(usage: resource.struct_rusage) -> int:
    """The most memory that was resident at once; macOS counts bytes."""
    return usage.ru_maxrss // 1024 if sys.platform == "darwin" else usage.ru_maxrss


def _end() -> NoReturn:
    """The server is gone. As Lambda ends an instance: at once, no `finally`, no atexit."""
    os._exit(0)
