"""What functions return, as clients see it."""

import base64
import json
from typing import Any

import pytest

from tests.unit.http_api_fakes import Gateway, Response
from toolchain.local.http_api import Route
from toolchain.local.invocation import ServiceError, TooManyRequestsError

_TEXT = ("content-type", "text/plain; charset=utf-8")
_JSON = ("content-type", "application/json")
_ERROR = b'{"message":"Internal Server Error"}'


def _answer(result: object, version: str = "2.0", method: str = "GET") -> tuple[Response, Gateway]:
    route = Route(f"{method} /x", "f", None, "1.0" if version == "1.0" else "2.0")
    gateway = Gateway([route], {"f": lambda _: result})
    return gateway.request(method, "/x"), gateway


def _sent(response: Response) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers but those that every answer has, and content."""
    own = {"apigw-requestid", "content-length"}
    return response.status, [each for each in response.headers if each[0] not in own], response.content


@pytest.mark.parametrize(
    ("result", "content"),
    [
        ({"message": "Hello"}, b'{"message": "Hello"}'),
        ("Hello from Lambda!", b"Hello from Lambda!"),
        ('a "quoted" ü', 'a "quoted" ü'.encode()),
        ("", b""),
        (None, b"null"),
        (True, b"true"),
        (42, b"42"),
        ([1, 2], b"[1, 2]"),
        ({"body": "b", "headers": {"x": "y"}}, b'{"body": "b", "headers": {"x": "y"}}'),
        (b'{"name": "John Doe", "age":', b'{"name": "John Doe", "age":'),
        (b"\x00\xff", b"\x00\xff"),
        (b"", b""),
        (b'{"a": NaN}', b'{"a": NaN}'),
        (b'"\\ud800"', b"?"),
    ],
)
def test_without_a_status_code_it_is_the_content(result: object, content: bytes) -> None:
    """Format 2.0: a 200 with application/json, whatever it is."""
    response, _ = _answer(result)
    assert _sent(response) == (200, [_JSON], content)
    assert response.header("content-length") == str(len(content))


@pytest.mark.parametrize(
    ("result", "status", "headers", "content"),
    [
        ({"statusCode": 200}, 200, [], b""),
        ({"statusCode": 201, "body": '{"a":1}'}, 201, [_TEXT], b'{"a":1}'),
        ({"statusCode": 200, "body": None, "headers": None, "cookies": None}, 200, [], b""),
        ({"statusCode": 404, "body": "ü", "headers": {"Content-Type": "text/x"}}, 404,
         [("content-type", "text/x")], "ü".encode()),
        ({"statusCode": 200, "body": "AP8=", "isBase64Encoded": True}, 200, [_TEXT], b"\x00\xff"),
        ({"statusCode": 200, "body": "x", "isBase64Encoded": None}, 200, [_TEXT], b"x"),
        ({"statusCode": 302, "headers": {"Location": "/y"}, "cookies": ["a=1; Path=/", "b=2"]}, 302,
         [("set-cookie", "a=1; Path=/"), ("set-cookie", "b=2"), ("location", "/y")], b""),
        ({"statusCode": 200, "headers": {"Set-Cookie": "h=1"}, "cookies": ["c=1"]}, 200,
         [("set-cookie", "c=1"), ("set-cookie", "h=1")], b""),
        ({"statusCode": 200, "headers": {"X-A": 1, "X-B": True, "X-C": 1.5, "X-D": None, "X-E": "ü\ty"}}, 200,
         [("x-a", "1"), ("x-b", "true"), ("x-c", "1.5"), ("x-e", "ü\ty")], b""),
        ({"statusCode": 200, "multiValueHeaders": {"x-a": ["1"]}}, 200, [], b""),
        ({"statusCode": 204, "body": "lost"}, 204, [_TEXT], b""),
        ({"statusCode": 304, "headers": {"etag": '"1"'}}, 304, [("etag", '"1"')], b""),
        ({"statusCode": 200, "headers": {
            "Connection": "close", "Keep-Alive": "1", "Transfer-Encoding": "chunked", "Upgrade": "h2c",
            "TE": "x", "Trailer": "x", "Proxy-Authenticate": "x", "Content-Length": "99", "Date": "x",
            "Apigw-Requestid": "x", "Server": "mine", "Via": "1.1 mine"}}, 200,
         [("server", "mine"), ("via", "1.1 mine")], b""),
        ({"statusCode": 200, "body": "\ud800"}, 200, [_TEXT], b"?"),
    ],
)  # fmt: skip
def test_with_a_status_code_it_is_the_answer(
    result: dict[str, Any], status: int, headers: list[tuple[str, str]], content: bytes
) -> None:
    response, _ = _answer(result)
    assert _sent(response) == (status, headers, content)
    expected_length = None if status in {204, 304} else str(len(content))
    assert response.header("content-length") == expected_length
    assert len(response.header("apigw-requestid") or "") == 16


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ({"statusCode": "200"}, "the function's answer has the statusCode '200'"),
        ({"statusCode": 200.0}, "the function's answer has the statusCode 200.0"),
        ({"statusCode": 0}, "the function's answer has the statusCode 0"),
        ({"statusCode": 101}, "the function's answer has the statusCode 101"),
        ({"statusCode": 600}, "the function's answer has the statusCode 600"),
        ({"statusCode": True}, "the function's answer has the statusCode True"),
        ({"statusCode": None}, "the function's answer has the statusCode None"),
        ({"statusCode": 200, "body": {"a": 1}}, "the function's answer has a body that is no text"),
        ({"statusCode": 200, "body": "x", "isBase64Encoded": "yes"},
         "the function's answer has a body that is no text"),
        ({"statusCode": 200, "body": "no base64", "isBase64Encoded": True},
         "the function's answer has a body that is not base64"),
        ({"statusCode": 200, "body": "ü", "isBase64Encoded": True},
         "the function's answer has a body that is not base64"),
        ({"statusCode": 200, "headers": ["a"]}, "the function's answer has headers that are no object"),
        ({"statusCode": 200, "headers": {"a b": "x"}}, "the function's answer has a header named 'a b'"),
        ({"statusCode": 200, "headers": {"": "x"}}, "the function's answer has a header named ''"),
        ({"statusCode": 200, "headers": {"x": ["a"]}},
         "the function's answer has a header x that is no text"),
        ({"statusCode": 200, "headers": {"x": "a\r\nSet-Cookie: b"}},
         "the function's answer has a header x with a control character"),
        ({"statusCode": 200, "cookies": "a=1"}, "the function's answer has cookies that are no list"),
        ({"statusCode": 200, "cookies": ["a=1\n"]},
         "the function's answer has a header set-cookie with a control character"),
        ({"statusCode": 200, "cookies": [{}]},
         "the function's answer has a header set-cookie that is no text"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_an_internal_server_error(result: object, reason: str) -> None:
    """The client is told nothing; the access log has the reason."""
    response, gateway = _answer(result)
    assert _sent(response) == (500, [_JSON], _ERROR)
    assert gateway.log[0]["integrationError"] == reason


def _raise(error: Exception) -> object:
    raise error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("secret"), "the function failed: Unhandled"),
        (TooManyRequestsError("ReservedFunctionConcurrentInvocationLimitExceeded"),
         "TooManyRequestsException: Rate Exceeded."),
        (ServiceError("The service is going down"), "ServiceException: The service is going down"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("version", ["2.0", "1.0"])
def test_a_function_that_fails_is_an_internal_server_error(
    version: str, error: Exception, reason: str
) -> None:
    """Nothing of its error reaches the client, nor the log of the API: the function's own log has it."""
    route = Route("GET /x", "f", None, "1.0" if version == "1.0" else "2.0")
    gateway = Gateway([route], {"f": lambda _: _raise(error)})
    assert _sent(gateway.request("GET", "/x")) == (500, [_JSON], _ERROR)
    assert gateway.log[0]["integrationError"] == reason


@pytest.mark.parametrize(
    ("result", "status", "headers", "content"),
    [
        ({"statusCode": 200, "body": "x"}, 200, [_TEXT], b"x"),
        ({"statusCode": 200, "headers": {"X-A": "1", "X-B": "2"},
          "multiValueHeaders": {"X-A": ["3", "4"]}}, 200,
         [("x-a", "1"), ("x-b", "2"), ("x-a", "3"), ("x-a", "4")], b""),
        ({"statusCode": 200, "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]}, "cookies": ["c=3"]}, 200,
         [("set-cookie", "a=1"), ("set-cookie", "b=2")], b""),
        ({"message": "Hello"}, 500, [_JSON], _ERROR),
        ("Hello", 500, [_JSON], _ERROR),
        (b"no JSON", 500, [_JSON], _ERROR),
        ({"statusCode": 200, "multiValueHeaders": {"x": "a"}}, 500, [_JSON], _ERROR),
        ({"statusCode": 200, "multiValueHeaders": ["x"]}, 500, [_JSON], _ERROR),
    ],
)  # fmt: skip
def test_format_1_0_needs_a_status_code(
    result: object, status: int, headers: list[tuple[str, str]], content: bytes
) -> None:
    response, _ = _answer(result, "1.0")
    assert _sent(response) == (status, headers, content)


def test_large_answers_pass_as_they_are() -> None:
    """6 MB, Lambda's limit, in base64."""
    content = bytes(range(256)) * 16384
    result = {"statusCode": 200, "body": base64.b64encode(content).decode(), "isBase64Encoded": True}
    response, _ = _answer(json.dumps(result).encode())
    assert response.content == content
