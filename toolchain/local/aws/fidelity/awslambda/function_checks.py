"""What calls that make and change functions and aliases refuse, before moto has changed anything.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html
"""

import base64
import io
import json
import zipfile
from collections.abc import Mapping
from functools import wraps
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException, LambdaClientError
from moto.awslambda.models import LambdaAlias, LambdaBackend, LambdaFunction

from toolchain.local.aws.fidelity.awslambda.constraints import between, check, length, pattern
from toolchain.local.aws.refusals import NOT_SUPPORTED
from toolchain.local.workers.names import parse_name
from toolchain.manifest.environment import LIMIT_BYTES, RESERVED_BY_LAMBDA

# As botocore's model of the service has them (FunctionName, Alias): a name, an ARN, or a part of one.
_NAME = (
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?"
    r"(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?"
)
_ALIAS = r"(?!^[0-9]+$)([a-zA-Z0-9-_]+)"
_LONGEST_NAME = 64
_LONGEST_ARN = 140
_LONGEST_ALIAS = 128
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html ; the model has more, for functions
# on instances of one's own.
_TIMEOUT_SECONDS = (1, 900)
_MEMORY_MB = (128, 10_240)
_NOT_CONFIGURED = (
    "Lambda was unable to configure your environment variables because the environment variables you have "
    "provided"
)


def correct() -> None:
    """Any name and any setting will do; and an ARN is taken for the name."""
    _check_new_functions()
    _check_updates()
    _check_aliases()


def _check_new_functions() -> None:
    original = LambdaBackend.create_function

    def create_function(self: LambdaBackend, spec: dict[str, Any]) -> LambdaFunction:
        name = spec.get("FunctionName")
        longest = _LONGEST_ARN if ":" in (name or "") else _LONGEST_NAME
        check(length("functionName", name, longest), pattern("functionName", name, _NAME), *_numbers(spec))
        if spec.get("PackageType") == "Image":
            raise _no_images()
        _check_variables(spec)
        _check_zip(spec.get("Code") or {})
        return original(self, {**spec, "FunctionName": parse_name(spec["FunctionName"]).name})

    LambdaBackend.create_function = create_function  # type: ignore[method-assign]


def _check_updates() -> None:
    configure, load = LambdaBackend.update_function_configuration, LambdaBackend.update_function_code

    def update_function_configuration(
        self: LambdaBackend, function_name: str, qualifier: str, body: dict[str, Any]
    ) -> dict[str, Any] | None:
        check(*_numbers(body))
        _check_variables(body)
        return configure(self, function_name, qualifier, body)

    def update_function_code(
        self: LambdaBackend, function_name: str, qualifier: str, body: dict[str, Any]
    ) -> dict[str, Any] | None:
        if "ImageUri" in body:
            raise _no_images()
        _check_zip(body)
        return load(self, function_name, qualifier, body)

    LambdaBackend.update_function_configuration = update_function_configuration  # type: ignore[method-assign]
    LambdaBackend.update_function_code = update_function_code  # type: ignore[method-assign]


def _check_aliases() -> None:
    original = LambdaBackend.create_alias

    @wraps(original)
    def create_alias(self: LambdaBackend, name: str, *args: Any, **kwargs: Any) -> LambdaAlias:  # noqa: ANN401  moto's own
        check(length("name", name, _LONGEST_ALIAS), pattern("name", name, _ALIAS))
        return original(self, name, *args, **kwargs)

    LambdaBackend.create_alias = create_alias  # type: ignore[method-assign]


def _numbers(spec: Mapping[str, Any]) -> tuple[Any, ...]:
    """The problems of timeout and memory."""
    return (
        between("timeout", spec.get("Timeout"), *_TIMEOUT_SECONDS),
        between("memorySize", spec.get("MemorySize"), *_MEMORY_MB),
    )


def _no_images() -> LambdaClientError:
    return LambdaClientError(
        NOT_SUPPORTED, "lambda: functions of the package type Image are not supported locally; use Zip"
    )


def _check_variables(spec: Mapping[str, Any]) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html ; of what there may be 4 KB:
    https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html .
    """
    variables: Mapping[str, str] = (spec.get("Environment") or {}).get("Variables") or {}
    if reserved := [name for name in variables if name in RESERVED_BY_LAMBDA]:
        raise InvalidParameterValueException(
            f"{_NOT_CONFIGURED} contains reserved keys that are currently not supported for modification. "
            f"Reserved keys used in this request: {', '.join(reserved)}"
        )
    measured = json.dumps(variables, separators=(",", ":"), ensure_ascii=False)
    if len(measured.encode()) > LIMIT_BYTES:
        # AWS shows the string: values of variables belong into no message here.
        raise InvalidParameterValueException(f"{_NOT_CONFIGURED} exceeded the 4KB limit.")


def _check_zip(code: Mapping[str, Any]) -> None:
    """A package that the call itself brings; one in a bucket is looked at when it is first to run.

    AWS's words are those of the validated tests of https://github.com/localstack/localstack .
    """
    if "ZipFile" not in code:
        return
    try:
        content = base64.b64decode(code["ZipFile"])
    except ValueError:
        content = b""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise InvalidParameterValueException(
            "Could not unzip uploaded file. Please check your file, then try to upload again."
        )
