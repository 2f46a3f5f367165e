"""When a function was last modified.

https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
"""

from datetime import UTC, datetime
from typing import Any

from moto.awslambda import models
from moto.awslambda.models import LambdaFunction


def correct() -> None:
    """LastModified is in another format than AWS's, and stays when a function is updated."""
    setattr(models, "iso_8601_datetime_with_nanoseconds", _now)  # noqa: B010  moto does not export it
    configure, load = LambdaFunction.update_configuration, LambdaFunction.update_function_code

    def update_configuration(self: LambdaFunction, config_updates: dict[str, Any]) -> dict[str, Any]:
        self.last_modified = _now()
        return configure(self, config_updates)

    def update_function_code(self: LambdaFunction, updated_spec: dict[str, Any]) -> dict[str, Any]:
        if not updated_spec.get("DryRun"):
            self.last_modified = _now()
        return load(self, updated_spec)

    LambdaFunction.update_configuration = update_configuration  # type: ignore[method-assign]
    LambdaFunction.update_function_code = update_function_code  # type: ignore[method-assign]


def _now() -> str:
    """The time as `2026-11-30T09:00:00.528+0000`."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "+0000")
