"""Bodies as JSON, read strictly (RFC 8259): what parsers disagree about is refused, not guessed."""

import json
from typing import Any

from lib.http.problems import BadRequestError, ContentTooLargeError, UnsupportedMediaTypeError
from lib.http.requests import Request

MAX_DEPTH = 32
_INFINITIES = (float("inf"), float("-inf"))


def read_json(request: Request[Any, Any, Any], *, max_bytes: int) -> str:
    """The body, checked to be one JSON value.

    Raises ContentTooLargeError, UnsupportedMediaTypeError, BadRequestError.
    """
    if len(request.content) > max_bytes:
        raise ContentTooLargeError(f"The body is longer than {max_bytes} bytes.")
    if not request.content:
        raise BadRequestError("The body is missing.")
    _check_type(request)
    try:
        text = request.content.decode("utf-8-sig")  # RFC 8259, 8.1: a byte order mark may be ignored
    except UnicodeDecodeError as error:
        raise BadRequestError(f"The body is not UTF-8: see byte {error.start}.") from error
    check_json(text)
    return text


def _check_type(request: Request[Any, Any, Any]) -> None:
    """`application/json` and its kin, such as `application/merge-patch+json` (RFC 6839, 3.1)."""
    media_type, *parameters = request.headers.get("content-type", "").lower().split(";")
    main, _, subtype = media_type.strip().partition("/")
    charset = [value.strip(' "') for name, _, value in _split(parameters) if name.strip() == "charset"]
    is_json = main == "application" and (subtype == "json" or subtype.endswith("+json"))
    if not is_json or charset not in ([], ["utf-8"]):
        raise UnsupportedMediaTypeError("Send application/json, in UTF-8.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMediaTypeError("Send the body without content-encoding.")


def _split(parameters: list[str]) -> list[tuple[str, str, str]]:
    return [parameter.partition("=") for parameter in parameters]


def check_json(text: str) -> None:
    """Raise BadRequestError unless the text is JSON with nothing in it that parsers read differently."""
    try:
        value = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        what, where = error.msg.removesuffix(" at"), f"line {error.lineno}, column {error.colno}"
        raise BadRequestError(f"The body is not JSON: {what} at {where}.") from error
    except RecursionError:
        raise BadRequestError(f"The body is nested deeper than {MAX_DEPTH} levels.") from None
    except ValueError as error:  # Python reads integers of up to 4,300 digits
        raise BadRequestError("The body has a number that is too long.") from error
    _check_depth_and_text(value)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """RFC 8259, 4: with a name twice, some parsers take the first value, some the last."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise BadRequestError("The body has an object with the same name twice.")
    return members


def _refuse_constant(_: str) -> None:
    raise BadRequestError("The body has NaN or Infinity; JSON has no such numbers.")


def _finite(text: str) -> float:
    """RFC 8259, 6: to one parser 1E400 is a number, to another infinity, which no answer could have in it.

    Called for each number with a fraction or an exponent, so that others cost nothing.
    """
    number = float(text)
    if number in _INFINITIES:
        raise BadRequestError("The body has a number that is too large.")
    return number


def _check_depth_and_text(value: object) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _parts(outer)]
        if not level:
            return
    raise BadRequestError(f"The body is nested deeper than {MAX_DEPTH} levels.")


def _parts(value: object) -> list[object]:
    """What is directly in a value."""
    match value:
        case dict():
            return [*value.keys(), *value.values()]
        case list():
            return value
        case str() if not _is_unicode(value):
            raise BadRequestError("The body has text with half a surrogate pair.")
    return []


def _is_unicode(text: str) -> bool:
    """JSON can spell half a surrogate pair (U+D800), which no UTF-8 can: it could not be stored."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
