"""Becomes an instance of a function: its environment, its modules, then awslambdaric's own bootstrap."""

import os
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypedDict

from toolchain.local.run.child import imports
from toolchain.local.workers.child.frames import Kind
from toolchain.local.workers.child.runtime import RuntimeClient


class Task(TypedDict):
    """What to become. `visible` is as in imports.install, or None: all there is, as in a zip."""

    handler: str
    environment: Mapping[str, str]
    task_root: str
    visible: Mapping[str, Sequence[str]] | None
    dependencies: str | None
    runtime: str


def become(task: Task, messages: int) -> NoReturn:
    """Run the function's requests, until the process ends."""
    _enter(task)
    _forget_toolchain()
    _provide_modules(task)
    _serve(task["handler"], RuntimeClient(socket.socket(fileno=messages)))


def _enter(task: Task) -> None:
    os.environ.clear()
    os.environ.update(task["environment"])
    time.tzset()
    os.chdir(task["task_root"])


def _forget_toolchain() -> None:
    """The function must not find what its zip does not have."""
    sys.path.remove(str(Path(__file__).parents[4]))
    for name in [name for name in sys.modules if name.partition(".")[0] == "toolchain"]:
        del sys.modules[name]


def _provide_modules(task: Task) -> None:
    """Source is compiled at every import, never stale; a package brings bytecode made for it."""
    if task["visible"] is None:
        imports.install_package(Path(task["task_root"]), runtime=task["runtime"])
        return
    imports.install(
        Path(task["task_root"]),
        visible=task["visible"],
        dependencies=task["dependencies"],
        runtime=task["runtime"],
    )


def _serve(handler: str, client: RuntimeClient) -> NoReturn:
    """As awslambdaric's __main__, but for the transport.

    It is imported here because it reads the function's environment when it is. Without a thread: Lambda's
    Python 3.12 and later make one per request to wait in, which costs more than all the rest together.
    """
    sys.modules["runtime_client"] = client.module()
    from awslambdaric import bootstrap
    from awslambdaric.lambda_runtime_client import LambdaRuntimeClient
    from awslambdaric.lambda_runtime_marshaller import to_json

    class Client(LambdaRuntimeClient):  # type: ignore[misc]  # awslambdaric has no types
        def post_init_error(self, error: dict[str, Any], error_type: str | None = None) -> None:
            """The only call that does not go through `runtime_client`."""
            del error_type
            client.send(Kind.INIT_ERROR, to_json(error).encode())

    sys.argv = [str(bootstrap.__file__), handler]
    bootstrap.run(handler, Client("", use_thread_for_polling_next=False))
    raise AssertionError("bootstrap.run never returns")
