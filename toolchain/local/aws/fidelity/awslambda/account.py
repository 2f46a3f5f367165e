"""How many instances of functions an account may have at once, and how many of them are reserved.

https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html
https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
"""

import json
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend
from moto.awslambda.responses import LambdaResponse

CONCURRENT_EXECUTIONS = 1000
"""The default for an account and region; new accounts have less."""

ALWAYS_UNRESERVED = 100


def correct() -> None:
    _tell_of_limits()
    _refuse_what_is_too_much()


def add_path(url_paths: dict[str, Any]) -> None:
    url_paths["{0}/(?P<api_version>[^/]+)/account-settings/?$"] = LambdaResponse.dispatch


def _tell_of_limits() -> None:
    """GetAccountSettings is missing."""

    def get_account_settings(self: LambdaResponse) -> str:
        functions = list(self.backend.list_functions())
        limit = {
            "CodeSizeUnzipped": 262144000,
            "CodeSizeZipped": 52428800,
            "ConcurrentExecutions": CONCURRENT_EXECUTIONS,
            "TotalCodeSize": 80530636800,
            "UnreservedConcurrentExecutions": _unreserved(self.backend),
        }
        usage = {
            "FunctionCount": len(functions),
            "TotalCodeSize": sum(one.code_size for one in functions),
        }
        return json.dumps({"AccountLimit": limit, "AccountUsage": usage})

    setattr(LambdaResponse, "get_account_settings", get_account_settings)  # noqa: B010  moto does not declare it


def _refuse_what_is_too_much() -> None:
    """Any number can be reserved; AWS keeps a hundred for functions that reserve none."""
    original = LambdaBackend.put_function_concurrency

    def put_function_concurrency(self: LambdaBackend, function_name: str, reserved_concurrency: str) -> str:
        own = int(self.get_function(function_name).reserved_concurrency or 0)
        if _unreserved(self) + own - int(reserved_concurrency) < ALWAYS_UNRESERVED:
            raise InvalidParameterValueException(
                "Specified ReservedConcurrentExecutions for function decreases account's "
                f"UnreservedConcurrentExecution below its minimum value of [{ALWAYS_UNRESERVED}]."
            )
        return original(self, function_name, reserved_concurrency)

    LambdaBackend.put_function_concurrency = put_function_concurrency  # type: ignore[method-assign]


def _unreserved(backend: LambdaBackend) -> int:
    return CONCURRENT_EXECUTIONS - sum(int(one.reserved_concurrency or 0) for one in backend.list_functions())
