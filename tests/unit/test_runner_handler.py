"""What becomes of a handler's result, and of what it raises, as on Lambda."""

import math
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

import pytest

from toolchain.local.payloads import RESPONSE_LIMIT_BYTES
from toolchain.local.run.child.failures import describe
from toolchain.local.run.child.handler import LambdaError, call, load


class Point(NamedTuple):
    x: int
    y: object


@pytest.fixture(autouse=True)
def _runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    """awslambdaric leaves text as it is from Python 3.12 on."""
    monkeypatch.setenv("AWS_EXECUTION_ENV", "AWS_Lambda_python3.13")


def _returning(result: object) -> Callable[..., object]:
    return lambda _event, _context: result


@pytest.mark.parametrize(
    ("result", "json"),
    [
        (None, "null"),
        ({"a": [1, "é", True]}, '{"a": [1, "é", true]}'),
        ((1, 2), "[1, 2]"),
        (Point(1, (2, Point(3, None))), '{"x": 1, "y": [2, {"x": 3, "y": null}]}'),
        ({"a": Decimal("19.990"), "b": Decimal(10**19)}, '{"a": 19.990, "b": 10000000000000000000}'),
        ([Decimal("NaN"), math.inf], "[NaN, Infinity]"),
        ({"body": b"text"}, '{"body": "text"}'),
        (b"not json", "not json"),
    ],
)
def test_result_is_encoded_as_by_awslambdaric(result: object, json: str) -> None:
    """Which uses simplejson: named tuples are objects, decimals numbers, bytes text."""
    assert call(_returning(result), {}, None).decode() == json


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ({1, 2}, "Object of type set is not JSON serializable"),
        ({(1, 2): 3}, "keys must be str, int, float, bool or None, not tuple"),
    ],
)
def test_result_that_json_does_not_have(result: object, reason: str) -> None:
    with pytest.raises(LambdaError) as error:
        call(_returning(result), {}, None)
    assert describe(error.value) == {
        "error_type": "Runtime.MarshalError",
        "message": f"Unable to marshal response: {reason}",
        "traceback": None,
        "missing_module": None,
    }


def test_result_of_just_the_limit() -> None:
    fits = "x" * (RESPONSE_LIMIT_BYTES - 2)
    assert call(_returning(fits), {}, None) == f'"{fits}"'.encode()
    with pytest.raises(LambdaError) as error:
        call(_returning(f"{fits}x"), {}, None)
    assert error.value.error_type == "Function.ResponseSizeTooLarge"
    assert str(error.value) == (
        "Response payload size exceeded maximum allowed payload size (6291556 bytes)."
    )


def test_handler_that_is_not_there() -> None:
    with pytest.raises(LambdaError) as error:
        load("json.handler")
    assert describe(error.value) == {
        "error_type": "Runtime.HandlerNotFound",
        "message": "Handler 'handler' missing on module 'json'",
        "traceback": None,
        "missing_module": None,
    }


def test_module_that_is_not_there() -> None:
    """The traceback begins in the user's code: here there is none of it."""
    with pytest.raises(LambdaError) as error:
        load("no_such_module.handler")
    assert describe(error.value) == {
        "error_type": "Runtime.ImportModuleError",
        "message": "Unable to import module 'no_such_module': No module named 'no_such_module'",
        "traceback": "ModuleNotFoundError: No module named 'no_such_module'\n",
        "missing_module": "no_such_module",
    }
