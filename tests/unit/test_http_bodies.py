"""Bodies as JSON."""

import base64

import pytest

from lib.http.bodies import read_json
from lib.http.gateway import parse_request
from lib.http.problems import ProblemError
from tests.unit.http_events import http_api_2_0

NOT_JSON = "The body is not JSON:"


def _read(body: bytes | str, content_type: str | None = "application/json", **headers: str) -> str:
    content = body.encode() if isinstance(body, str) else body
    named = {} if content_type is None else {"content-type": content_type}
    event = http_api_2_0(
        body=base64.b64encode(content).decode(),
        isBase64Encoded=True,
        headers={**named, **{name.replace("_", "-"): value for name, value in headers.items()}},
    )
    return read_json(parse_request(event), max_bytes=1000)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/merge-patch+json",
        "application/problem+json; profile=x",
    ],
)
def test_json_types_are_read(content_type: str) -> None:
    assert _read('{"a": "ü"}', content_type) == '{"a": "ü"}'


@pytest.mark.parametrize(
    ("content_type", "headers", "detail"),
    [
        (None, {}, "Send application/json, in UTF-8."),
        ("", {}, "Send application/json, in UTF-8."),
        ("text/plain", {}, "Send application/json, in UTF-8."),
        ("application/x-www-form-urlencoded", {}, "Send application/json, in UTF-8."),
        ("application/jsonp", {}, "Send application/json, in UTF-8."),
        ("text/json", {}, "Send application/json, in UTF-8."),
        ("application/json; charset=iso-8859-1", {}, "Send application/json, in UTF-8."),
        ("application/json", {"content_encoding": "gzip"}, "Send the body without content-encoding."),
    ],
)
def test_other_types_are_not(content_type: str | None, headers: dict[str, str], detail: str) -> None:
    with pytest.raises(ProblemError) as caught:
        _read("{}", content_type, **headers)
    assert (caught.value.status, caught.value.detail) == (415, detail)


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ("", 400, "The body is missing."),
        (b'{"a": "\xff"}', 400, "The body is not UTF-8: see byte 7."),
        ("{", 400, f"{NOT_JSON} Expecting property name enclosed in double quotes at line 1, column 2."),
        (
            "{'a': 1}",
            400,
            f"{NOT_JSON} Expecting property name enclosed in double quotes at line 1, column 2.",
        ),
        ('{"a": 1}\n}', 400, f"{NOT_JSON} Extra data at line 2, column 1."),
        ('{"a": "b\nc"}', 400, f"{NOT_JSON} Invalid control character at line 1, column 9."),
        ("\ufeff{}", None, None),
        ('{"a": NaN}', 400, "The body has NaN or Infinity; JSON has no such numbers."),
        ("[-Infinity]", 400, "The body has NaN or Infinity; JSON has no such numbers."),
        ('{"role": "user", "role": "admin"}', 400, "The body has an object with the same name twice."),
        ('[{"a": {"b": 1, "\\u0062": 2}}]', 400, "The body has an object with the same name twice."),
        ("9" * 999, None, None),
        ('{"price": 1e400}', 400, "The body has a number that is too large."),
        ('[{"prices": [1.5, -1E+400]}]', 400, "The body has a number that is too large."),
        ("9" * 309 + ".0", 400, "The body has a number that is too large."),
        ("[1.7976931348623157e308, -1.7976931348623157e308, 1e-400, 0e400]", None, None),
        ('"\\ud800"', 400, "The body has text with half a surrogate pair."),
        ('{"\\udfff": 1}', 400, "The body has text with half a surrogate pair."),
        ('"\\ud83d\\ude00"', None, None),
        ("[" * 32 + "]" * 32, None, None),
        ("[" * 33 + "]" * 33, 400, "The body is nested deeper than 32 levels."),
        ('{"a":' * 33 + "1" + "}" * 33, 400, "The body is nested deeper than 32 levels."),
        (" " * 1001, 413, "The body is longer than 1000 bytes."),
    ],
)
def test_bodies(body: str | bytes, status: int | None, detail: str | None) -> None:
    """What is not JSON, and what parsers disagree about, is refused with the reason, never with the text."""
    if status is None:
        _read(body)
        return
    with pytest.raises(ProblemError) as caught:
        _read(body)
    assert (caught.value.status, caught.value.detail) == (status, detail)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("[" * 200_000 + "]" * 200_000, "The body is nested deeper than 32 levels."),
        ('{"a":' * 100_000, "The body is nested deeper than 32 levels."),
        ("1" * 5000, "The body has a number that is too long."),
    ],
)
def test_hostile_bodies(body: str, detail: str) -> None:
    """Neither the stack nor the time of the function is exhausted."""
    event = http_api_2_0(body=body)
    with pytest.raises(ProblemError) as caught:
        read_json(parse_request(event), max_bytes=1_000_000)
    assert caught.value.detail == detail
