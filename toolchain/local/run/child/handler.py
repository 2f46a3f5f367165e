"""Finds and calls a handler as awslambdaric does, with its error types and texts."""

import importlib
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

RESPONSE_LIMIT_BYTES = 6_291_556


class LambdaError(Exception):
    """What the runtime reports in its own words; the cause, if there is one, is the user's."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type


def load(path: str) -> Callable[..., object]:
    """The handler at `functions.create_user.handler.handler`.

    Raises LambdaError, or whatever else the module raises while it is imported.
    """
    module_name, _, attribute = path.rpartition(".")
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        problem = f"Unable to import module '{module_name}': {error}"
        raise LambdaError("Runtime.ImportModuleError", problem) from error
    except SyntaxError as error:
        problem = f"Syntax error in module '{module_name}': {error}"
        raise LambdaError("Runtime.UserCodeSyntaxError", problem) from error
    try:
        handler: Callable[..., object] = getattr(module, attribute)
    except AttributeError:
        problem = f"Handler '{attribute}' missing on module '{module_name}'"
        raise LambdaError("Runtime.HandlerNotFound", problem) from None
    return handler


def call(handler: Callable[..., object], event: dict[str, Any], context: object) -> str:
    """The handler's result as JSON text. Raises LambdaError, or whatever the handler raises."""
    result = handler(event, context)
    if isinstance(result, bytes):
        return result.decode()  # Lambda passes bytes on as they are
    try:
        response = json.dumps(_plain(result), ensure_ascii=False)
        size = len(response.encode())
    except Exception as error:  # noqa: BLE001 - as awslambdaric; the values may be of any class
        raise LambdaError("Runtime.MarshalError", f"Unable to marshal response: {error}") from None
    if size > RESPONSE_LIMIT_BYTES:
        limit = f"({RESPONSE_LIMIT_BYTES} bytes)"
        problem = f"Response payload size exceeded maximum allowed payload size {limit}."
        raise LambdaError("Function.ResponseSizeTooLarge", problem)
    return response


def _plain(value: object) -> object:
    """What simplejson, which Lambda uses, encodes and json does not, or otherwise.

    Decimals are numbers there (as close as a float comes here), named tuples objects, bytes text.
    """
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case tuple() if hasattr(value, "_asdict"):
            return _plain(value._asdict())
        case list() | tuple():
            return [_plain(item) for item in value]
        case Decimal():
            return int(value) if value.is_finite() and value == value.to_integral_value() else float(value)
        case bytes():
            return value.decode()
        case _:
            return value
