"""What CreateFunction refuses, before moto has made anything.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
"""

from typing import Any

from moto.awslambda.models import LambdaBackend, LambdaFunction

from toolchain.local.aws.fidelity.awslambda.constraints import check, length, pattern
from toolchain.local.workers.names import parse_name

# As botocore's model of the service has it (FunctionName): a name, an ARN, or a part of one.
_NAME = (
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?"
    r"(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?"
)
_LONGEST_NAME = 64
_LONGEST_ARN = 140


def correct() -> None:
    """Any name will do, even one that no call of the function can name; and an ARN is taken for the name."""
    original = LambdaBackend.create_function

    def create_function(self: LambdaBackend, spec: dict[str, Any]) -> LambdaFunction:
        _check_name(spec.get("FunctionName"))
        return original(self, {**spec, "FunctionName": parse_name(spec["FunctionName"]).name})

    LambdaBackend.create_function = create_function  # type: ignore[method-assign]


def _check_name(name: str | None) -> None:
    longest = _LONGEST_ARN if ":" in (name or "") else _LONGEST_NAME
    check(length("functionName", name, longest), pattern("functionName", name, _NAME))
