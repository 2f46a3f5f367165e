"""Code of functions that is never run."""

from pathlib import Path
from typing import Any

from toolchain.local.workers.code import FunctionCode

REGION = "eu-west-1"
ACCOUNT = "123456789012"
ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:"


def code_of(name: str, **changes: Any) -> FunctionCode:  # noqa: ANN401 - of any field
    settings: dict[str, Any] = {
        "arn": f"{ARN}{name}",
        "handler": f"functions.{name}.handler.handler",
        "memory_mb": 256,
        "timeout_seconds": 3,
        "environment": {},
        "task_root": Path("/var/task"),
    }
    return FunctionCode(name=name, **settings | changes)
