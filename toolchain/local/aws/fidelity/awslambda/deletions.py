"""What DeleteFunction leaves alone.

https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html
"""

from contextlib import suppress
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException, UnknownFunctionException
from moto.awslambda.models import LambdaAlias, LambdaBackend

from toolchain.local.aws.fidelity.awslambda.duplicates import ResourceConflictError
from toolchain.local.invocation import LATEST, InvalidParameterError
from toolchain.local.workers.names import Name, parse_name


def correct() -> None:
    """moto takes $LATEST alone away, and what is left can be neither read nor deleted; and it deletes a
    version under the aliases that point to it, even by the name of one.
    """
    original = LambdaBackend.delete_function

    def delete_function(self: LambdaBackend, function_name: str, qualifier: str | None = None) -> None:
        name = _parse(function_name, qualifier)
        if name.qualifier is None:
            original(self, name.name)
            return
        _check(self, name.name, name.qualifier)
        self.get_function(name.name)
        # Measured at AWS: a version that is not there is deleted, too.
        # https://github.com/floci-io/floci/pull/2824
        with suppress(UnknownFunctionException):
            original(self, name.name, name.qualifier)

    LambdaBackend.delete_function = delete_function  # type: ignore[method-assign]


def _parse(function_name: str, qualifier: str | None) -> Name:
    try:
        return parse_name(function_name, qualifier)
    except InvalidParameterError as error:
        raise InvalidParameterValueException(str(error)) from error


def _check(backend: LambdaBackend, function: str, version: str) -> None:
    """AWS's words are those of https://github.com/floci-io/floci/pull/2824 (aliases),
    https://github.com/zappa/Zappa/issues/960 (versions that aliases point to), and of the validated tests of
    https://github.com/localstack/localstack ($LATEST).
    """
    if version == LATEST:
        raise InvalidParameterValueException(
            "$LATEST version cannot be deleted without deleting the function."
        )
    if not version.isdecimal():
        raise InvalidParameterValueException("Deletion of aliases is not currently supported.")
    if users := [alias.name for alias in backend.list_aliases(function) if version in _versions(alias)]:
        raise ResourceConflictError(
            f"Unable to delete version because the following aliases reference it: [{', '.join(users)}]"
        )


def _versions(alias: LambdaAlias) -> set[str]:
    """Those that an alias sends calls to."""
    routing: Any = alias.routing_config or {}
    return {alias.function_version, *(routing.get("AdditionalVersionWeights") or ())}
