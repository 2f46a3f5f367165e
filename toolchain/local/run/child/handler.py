"""Finds and calls a handler as awslambdaric does, with its error types and texts."""

import importlib
from collections.abc import Callable
from typing import Any

from toolchain.local.payloads import RESPONSE_LIMIT_BYTES


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


def call(handler: Callable[..., object], event: dict[str, Any], context: object) -> bytes:
    """The handler's result as JSON, or bytes as they are.

    Raises LambdaError, or whatever the handler raises.
    """
    from awslambdaric.lambda_runtime_exception import FaultException
    from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

    result = handler(event, context)
    try:
        response, _ = LambdaMarshaller().marshal_response(result)
    except FaultException as fault:
        raise LambdaError(fault.exception_type, fault.msg) from None
    content = response if isinstance(response, bytes) else response.encode()
    if len(content) > RESPONSE_LIMIT_BYTES:
        limit = f"({RESPONSE_LIMIT_BYTES} bytes)"
        problem = f"Response payload size exceeded maximum allowed payload size {limit}."
        raise LambdaError("Function.ResponseSizeTooLarge", problem)
    return content
