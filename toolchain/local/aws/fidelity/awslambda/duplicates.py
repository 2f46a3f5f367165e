"""What exists already is refused, and not replaced or added again.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html#API_CreateFunction_Errors
"""

import json
from functools import wraps
from typing import Any

from moto.awslambda.exceptions import ConflictException
from moto.awslambda.models import LambdaAlias, LambdaBackend, LambdaFunction
from moto.core.exceptions import JsonRESTError


class ResourceConflictError(JsonRESTError):
    """As AWS has it: status 409, `ResourceConflictException`."""

    code = 409

    def __init__(self, message: str) -> None:
        super().__init__("ResourceConflictException", message)


def correct() -> None:
    """A second function replaces the first and keeps its versions; a second permission of a name is added to
    the first, and one of them can't be removed; a second alias is refused with another error than AWS's.
    """
    _refuse_functions()
    _refuse_aliases()
    _refuse_permissions()


def _refuse_functions() -> None:
    original = LambdaBackend.create_function

    def create_function(self: LambdaBackend, spec: dict[str, Any]) -> LambdaFunction:
        name = spec.get("FunctionName")
        if name in self._lambdas._functions:  # noqa: SLF001  it has no public name
            raise ResourceConflictError(f"Function already exist: {name}")
        return original(self, spec)

    LambdaBackend.create_function = create_function  # type: ignore[method-assign]


def _refuse_aliases() -> None:
    original = LambdaBackend.create_alias

    @wraps(original)
    def create_alias(self: LambdaBackend, *args: Any, **kwargs: Any) -> LambdaAlias:  # noqa: ANN401  moto's own
        try:
            return original(self, *args, **kwargs)
        except ConflictException as error:
            raise ResourceConflictError(error.message) from error

    LambdaBackend.create_alias = create_alias  # type: ignore[method-assign]


def _refuse_permissions() -> None:
    original = LambdaBackend.add_permission

    def add_permission(self: LambdaBackend, function_name: str, qualifier: str, raw: str) -> dict[str, Any]:
        sid = json.loads(raw).get("StatementId")
        wanted = f":{qualifier}" if qualifier else ""
        for statement in self.get_function(function_name, qualifier).policy.statements:
            if statement.get("Sid") == sid and _qualifier(statement) == wanted:
                raise ResourceConflictError(
                    f"The statement id ({sid}) provided already exists. Please provide a new statement id,"
                    " or remove the existing statement."
                )
        return original(self, function_name, qualifier, raw)

    LambdaBackend.add_permission = add_permission  # type: ignore[method-assign]


def _qualifier(statement: dict[str, Any]) -> str:
    """`:live`, or nothing."""
    _, colon, qualifier = str(statement["Resource"]).rpartition(":function:")[2].partition(":")
    return colon + qualifier
