"""Lists in pages.

https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html
https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html
"""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaFunction
from moto.awslambda.responses import LambdaResponse

from toolchain.local.aws.fidelity.awslambda.constraints import between, check

_ON_A_PAGE = 50
"""At most, "even if you set the number higher"."""
_LARGEST = 10_000


def correct() -> None:
    """MaxItems and Marker are ignored; and a function that is not there has no versions, and no error."""

    def list_functions(self: LambdaResponse) -> str:
        functions = self.backend.list_functions(self.querystring.get("FunctionVersion", [None])[0])
        return _page(self, "Functions", functions)

    def list_versions_by_function(self: LambdaResponse) -> str:
        function = self.backend.get_function(unquote(self.path.split("/")[-2]))
        return _page(self, "Versions", self.backend.list_versions_by_function(function.function_name))

    LambdaResponse.list_functions = list_functions  # type: ignore[method-assign]
    LambdaResponse.list_versions_by_function = list_versions_by_function  # type: ignore[method-assign]


def _page(response: LambdaResponse, name: str, found: Iterable[LambdaFunction]) -> str:
    """The functions from the marker on, as many as were asked for."""
    count = _number(response, "MaxItems", _ON_A_PAGE)
    check(between("maxItems", count, 1, _LARGEST))
    start = _number(response, "Marker", 0)
    end, functions = start + min(count, _ON_A_PAGE), list(found)
    page: dict[str, Any] = {name: [function.get_configuration() for function in functions[start:end]]}
    if end < len(functions):
        page["NextMarker"] = str(end)
    return json.dumps(page)


def _number(response: LambdaResponse, name: str, default: int) -> int:
    """A marker is a number here, too: how many were on the pages before."""
    text = response.querystring.get(name, [str(default)])[0]
    try:
        return int(text)
    except ValueError as error:
        raise InvalidParameterValueException(f"Invalid {name}: {text}") from error  # [U] AWS's words
