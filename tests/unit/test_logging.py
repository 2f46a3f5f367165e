"""Logs: one line of JSON for each record, and nothing in it that is secret."""

import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from lib.context import LambdaContext
from lib.logging import build_logger, logged, logger
from lib.redaction import is_secret, redact, redact_text
from tests.unit.http_events import Context, http_api_2_0
from tests.unit.log_records import recorded


@dataclass
class Login:
    user: str
    password: str


class Model(BaseModel):
    secret_number: int
    pin: SecretStr


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("password", True),
        ("DATABASE_PASSWORD", True),
        ("newPassword", True),
        ("accessToken", True),
        ("IdToken", True),
        ("x-amz-security-token", True),
        ("Authorization", True),
        ("set-cookie", True),
        ("clientSecret", True),
        ("email", True),
        ("emailAddress", True),
        ("e-mail", True),
        ("phone_number", True),
        ("code", True),
        ("confirmationCode", True),
        ("apiKey", True),
        ("x-api-key", True),
        ("status_code", False),
        ("error_code", False),
        ("sub", False),
        ("function_request_id", False),
        ("tokenizer", False),
        ("keyboard", False),
    ],
)
def test_secret_keys(key: str, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_secret(key) is expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mail to ada@example.com.", "mail to [e-mail]."),
        ("<ada.lovelace+test@mail.example.co.uk>", "<[e-mail]>"),
        ("user@host", "user@host"),
        ("Bearer eyJraWQi.eyJzdWIi.c2lnbmF0dXJl rejected", "Bearer [token] rejected"),
        (
            "1 validation error: [type=int_parsing, input_value='hunter2', input_type=str]",
            "1 validation error: [type=int_parsing, input_value=[redacted], input_type=str]",
        ),
        (
            "[input_value='a, input_value=hunter2', input_type=str]",
            "[input_value=[redacted], input_type=str]",
        ),
        ("[input_value='hunter2", "[input_value=[redacted]"),
        ("to a@b@example.com", "to a@[e-mail]"),
        ("<" + "a" * 100 + "@example.com>", "<[e-mail]>"),
        ("Bearer-eyJraWQi.eyJzdWIi.c2lnbmF0dXJl", "Bearer-[token]"),
        ("-eyJ-eyJraWQi.eyJzdWIi.c2lnbmF0dXJl", "-[token]"),
        ("x.eyJraWQi.eyJzdWIi.c2lnbmF0dXJl", "x.[token]"),
        ("keyJa.b.c", "keyJa.b.c"),
        ("user 5d1e8a3c-7b7e-4c0b-9a51-0c7c6f2f9d10", "user 5d1e8a3c-7b7e-4c0b-9a51-0c7c6f2f9d10"),
    ],
)
def test_secret_texts(text: str, shown: str) -> None:
    assert redact_text(text) == shown


@pytest.mark.parametrize(
    "hostile",
    ["a", "a.", "-eyJ", "eyJ.", "a@b-", "a@", "input_value=", "a@b.", " ", "x "],
)
def test_a_megabyte_is_cut(hostile: str) -> None:
    """Each of these, repeated, is what a careless pattern takes quadratic time for: hours, at this length."""
    shown = redact_text("start " + hostile * (1_000_000 // len(hostile)))
    assert shown.startswith("start ")
    assert shown.endswith(("[cut]", "[redacted]"))
    assert len(shown) <= 16_384 + len("[cut]")


def test_what_the_cut_goes_through_is_left_out() -> None:
    text = "x" * 16_370 + " ada@example.com and more"
    assert redact_text(text) == "x" * 16_370 + " [cut]"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"a": [{"b": {"token": "x"}}]}, {"a": [{"b": {"token": "[redacted]"}}]}),
        ({"password": {"deep": ["x"]}}, {"password": "[redacted]"}),
        (
            {"users": ({"email": "ada@example.com", "sub": "s"},)},
            {"users": [{"email": "[redacted]", "sub": "s"}]},
        ),
        (Login("ada", "x"), {"user": "ada", "password": "[redacted]"}),
        (ValueError("for ada@example.com"), "ValueError: for [e-mail]"),
        (datetime(2026, 1, 31, 12, tzinfo=UTC), "2026-01-31T12:00:00+00:00"),
        (b"secret", "[bytes]"),
        (Model(secret_number=1, pin=SecretStr("1")), "[Model]"),
        ({1: 2}, {"1": 2}),
        (None, None),
        (1.5, 1.5),
        (http_api_2_0(), "[event]"),
        ({"event": {"triggerSource": "PreSignUp_SignUp"}}, {"event": "[event]"}),
    ],
)
def test_redact(value: object, shown: object) -> None:
    """At any depth; an event is left out as a whole, and so is what is not plain data."""
    assert redact(value) == shown


def test_twelve_levels_are_shown() -> None:
    deepest: object = "shown"
    for _ in range(12):
        deepest = [deepest]
    assert redact(deepest) == deepest
    assert "[too deep]" in json.dumps(redact([deepest]))


def test_a_value_that_contains_itself_ends() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert "[too deep]" in json.dumps(redact(endless))


def test_a_record() -> None:
    stream = io.StringIO()
    log = build_logger(service="test-a-record", stream=stream)
    log.info("user %s created", "ada@example.com", extra={"sub": "s"}, token="x")
    (line,) = stream.getvalue().splitlines()
    record = json.loads(line)
    assert datetime.fromisoformat(record.pop("timestamp")).utcoffset() == UTC.utcoffset(None)
    assert record.pop("location").startswith("test_a_record:")
    assert record == {
        "level": "INFO",
        "message": "user [e-mail] created",
        "service": "test-a-record",
        "sub": "s",
        "token": "[redacted]",
    }


@pytest.mark.parametrize("text", ["two\nlines", "half a pair \ud800", "\u2028", "ü"])
def test_any_text_is_one_line(text: str) -> None:
    stream = io.StringIO()
    build_logger(service=f"test-{text!r}", stream=stream).info(text)
    assert stream.getvalue().isascii()
    assert json.loads(stream.getvalue())["message"] == text


def test_an_invocation_is_in_its_records() -> None:
    """And nothing of the invocation before it."""

    @logged
    def handler(_event: dict[str, Any], _context: LambdaContext, /, *, sub: str) -> None:
        logger.append_keys(sub=sub)
        logger.info("hello")

    with recorded() as records:
        handler({}, Context("first"), sub="s")
        logger.remove_keys(["nothing"])
        handler({}, Context("second"), sub="t")
    first, second = records
    assert (first["function_request_id"], first["function_name"], first["sub"]) == ("first", "demo", "s")
    assert (second["function_request_id"], second["cold_start"], second["sub"]) == ("second", False, "t")


def test_an_exception_is_one_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the whole traceback; the event is not logged even where Powertools is told to."""
    monkeypatch.setenv("POWERTOOLS_LOGGER_LOG_EVENT", "true")

    @logged
    def handler(event: dict[str, Any], _: LambdaContext, /) -> None:
        try:
            event["no such key"]
        except KeyError as error:
            raise ValueError("sent by ada@example.com") from error

    with recorded() as records, pytest.raises(ValueError, match="sent by"):
        handler({"password": "hunter2"}, Context())
    (record,) = records
    assert record["level"] == "ERROR"
    assert record["message"] == "the function failed"
    assert record["exception_name"] == "ValueError"
    assert "KeyError: 'no such key'" in record["exception"]
    assert record["exception"].endswith("ValueError: sent by [e-mail]")
    assert "hunter2" not in json.dumps(record)
