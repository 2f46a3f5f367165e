"""Imports a function's handler, says that it is ready, and answers one invocation.

    python -I -S -u -X utf8 <this file> '{"messages": 5, "lifeline": 6, "dependencies": null, ...}'

What is imported comes from the environment (_HANDLER, LAMBDA_TASK_ROOT), as on Lambda. Messages are lines of
JSON on a socket: `{"ready": true}`, then the invocation comes in, then its result or failure goes out.
"""

import base64
import json
import os
import socket
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

sys.path.insert(0, str(Path(__file__).parents[4]))

from toolchain.local.run.child import failures, handler, imports, lifeline, logs, memory
from toolchain.local.run.child.context import make_context

if TYPE_CHECKING:
    from collections.abc import Callable


def main(options: dict[str, Any]) -> None:
    lifeline.hold(options["lifeline"])
    with socket.socket(fileno=options["messages"]) as messages:
        messages.set_inheritable(False)
        _forget_toolchain()
        imports.install(
            Path(os.environ["LAMBDA_TASK_ROOT"]),
            visible=options["visible"],
            dependencies=options["dependencies"],
            runtime=options["runtime"],
        )
        logs.install()
        import_module("awslambdaric.lambda_runtime_marshaller")  # before the function, whose time it is not
        _serve(messages)


def _serve(messages: socket.socket) -> None:
    try:
        function = handler.load(os.environ["_HANDLER"])
    except Exception as error:  # noqa: BLE001 - whatever the user's module raises is the outcome
        _finish(messages, {"failure": failures.describe(error)})
    _send(messages, {"ready": True})
    with messages.makefile("rb") as lines:
        invocation = json.loads(lines.readline())
    _finish(messages, _invoke(function, invocation))


def _invoke(function: "Callable[..., object]", invocation: dict[str, Any]) -> dict[str, Any]:
    context = make_context(invocation, time.time())
    logs.set_request_id(invocation["request_id"])
    try:
        result = handler.call(function, invocation["event"], context)
    except Exception as error:  # noqa: BLE001 - whatever the user's handler raises is the outcome
        return {"failure": failures.describe(error)}
    return {"result": base64.b64encode(result).decode()}  # a handler may return bytes that are no text


def _finish(messages: socket.socket, outcome: dict[str, Any]) -> NoReturn:
    """Report the outcome and stand still, as a process that Lambda freezes, until the parent is done."""
    _send(messages, {**outcome, "peak_memory_mb": memory.own_peak_mb()})
    messages.recv(1)
    os._exit(0)


def _send(messages: socket.socket, message: dict[str, Any]) -> None:
    messages.sendall(json.dumps(message).encode() + b"\n")


def _forget_toolchain() -> None:
    """The function must not find what its zip does not have."""
    sys.path.pop(0)
    for name in [name for name in sys.modules if name.partition(".")[0] == "toolchain"]:
        del sys.modules[name]


if __name__ == "__main__":
    arguments = json.loads(sys.argv.pop())
    main(arguments)
