"""What a function returned, as an answer to the client.

Format 2.0, as the real service does it (aws-lambda-dotnet's LambdaTestTool-v2: InvokeResponseExtensions, and
its snapshots of API Gateway's answers):
- without `statusCode`, whatever it is, JSON or not, is the content of a 200 with application/json; a JSON
  string without its quotes;
- with `statusCode`, the answer is what `headers`, `cookies`, `body` and `isBase64Encoded` say, and a value of
  the wrong type is a 500; `multiValueHeaders` say nothing (aws/serverless-java-container#377);
- content without a content-type is text/plain; charset=utf-8.

Format 1.0 needs `statusCode`, has no `cookies`, and `multiValueHeaders` follow `headers`.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.response
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import orjson

from toolchain.local.http_api.answers import JSON, Answer, Field
from toolchain.local.http_api.errors import InternalServerError
from toolchain.local.http_api.fields import read_cookies, read_fields
from toolchain.local.http_api.routes import PayloadFormat

_DEFAULT_TYPE: Field = (b"content-type", b"text/plain; charset=utf-8")


def read_answer(payload: bytes, payload_format: PayloadFormat) -> Answer:
    """The answer in what a function returned. Raises InternalServerError."""
    try:
        result = _parse(payload)
    except ValueError:
        result = None
    if isinstance(result, dict) and "statusCode" in result:
        return _read(result, _fields_2_0 if payload_format == "2.0" else _fields_1_0)
    if payload_format == "1.0":
        raise InternalServerError("the function's answer has no statusCode")
    return Answer(200, [JSON], _encode(result) if isinstance(result, str) else payload)


def _parse(payload: bytes) -> Any:  # noqa: ANN401 - it is JSON
    """The value of JSON text. Python writes what orjson refuses to read: half surrogate pairs."""
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return json.loads(payload, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _read(result: Mapping[str, Any], read_all_fields: Callable[[Mapping[str, Any]], list[Field]]) -> Answer:
    status = _status(result["statusCode"])
    fields = read_all_fields(result)
    content = _content(result)
    if content and not any(name == b"content-type" for name, _ in fields):
        fields.append(_DEFAULT_TYPE)
    return Answer(status, fields, content)


def _status(value: object) -> int:
    """Only whole numbers will do: 200.0 and 0 are 500 on AWS."""
    if type(value) is not int or not 200 <= value <= 599:
        raise InternalServerError(f"the function's answer has the statusCode {value!r}")
    return value


def _fields_2_0(result: Mapping[str, Any]) -> list[Field]:
    """Cookies come first (observed on AWS: github.com/ministackorg/ministack/issues/749)."""
    cookies = result.get("cookies")
    fields = list(read_fields(_mapping(result, "headers").items()))
    if cookies is None:
        return fields
    if not isinstance(cookies, list):
        raise InternalServerError("the function's answer has cookies that are no list")
    return [*read_cookies(cookies), *fields]


def _fields_1_0(result: Mapping[str, Any]) -> list[Field]:
    fields = list(read_fields(_mapping(result, "headers").items()))
    for name, values in _mapping(result, "multiValueHeaders").items():
        if not isinstance(values, list):
            raise InternalServerError(f"the function's answer has multiValueHeaders {name} that are no list")
        fields += read_fields((name, value) for value in values)
    return fields


def _mapping(result: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = result.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InternalServerError(f"the function's answer has {key} that are no object")
    return value


def _content(result: Mapping[str, Any]) -> bytes:
    body, is_base64 = result.get("body"), result.get("isBase64Encoded")
    if body is None:
        return b""
    if not isinstance(body, str) or not isinstance(is_base64, bool | None):
        raise InternalServerError("the function's answer has a body that is no text")
    if not is_base64:
        return _encode(body)
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise InternalServerError("the function's answer has a body that is not base64") from None


def _encode(text: str) -> bytes:
    """UTF-8, in which there are no half surrogate pairs."""
    return text.encode("utf-8", "replace")
