"""Requests against pydantic models: every problem at once, and no value in any message.

Only endpoints with a model import this module: pydantic is most of a handler's import time.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from lib.http.bodies import read_json
from lib.http.problems import invalid_request
from lib.http.requests import Request

type Problem = dict[str, str]


class RouteError(Exception):
    """The model of the path's parameters has one that the route has not: our mistake, no client's."""


_MAX_NAME_LENGTH = 64
_RAISED = {"value_error": "Value error, ", "assertion_error": "Assertion failed, "}
_PYDANTIC_S_OWN = frozenset(get_args(ErrorType))


def validate(
    request: Request[Any, Any, Any],
    *,
    body: type[BaseModel] | None,
    query: type[BaseModel] | None,
    path: type[BaseModel] | None = None,
    max_body_bytes: int,
) -> Request[Any, Any, Any]:
    """The request, with its `body`, `query` and `parameters` made into the models.

    Raises what lib.http.bodies raises, the problem of `invalid_request`, and RouteError.
    """
    in_body: list[Problem] = []
    in_query: list[Problem] = []
    in_path: list[Problem] = []
    if path:
        made_parameters, in_path = _validate_path(request.path_parameters, path)
        request = replace(request, parameters=made_parameters)
    if body:
        made_body, in_body = _validate_body(read_json(request, max_bytes=max_body_bytes), body)
        request = replace(request, body=made_body)
    if query:
        made_query, in_query = _validate_query(request.query_parameters, query)
        request = replace(request, query=made_query)
    if in_path or in_body or in_query:
        raise invalid_request(in_path + in_body + in_query, in_body=bool(in_body))
    return request


def _validate_body(text: str, model: type[BaseModel]) -> tuple[BaseModel | None, list[Problem]]:
    try:
        return model.model_validate_json(text), []
    except ValidationError as error:
        value = json.loads(text)
        return None, [
            {"detail": _detail(each), "pointer": _pointer(_path(each, value))} for each in _details(error)
        ]


def _validate_query(
    parameters: Mapping[str, tuple[str, ...]], model: type[BaseModel]
) -> tuple[BaseModel | None, list[Problem]]:
    lists = _list_parameters(model)
    arguments = {name: values if name in lists else values[-1] for name, values in parameters.items()}
    problems = [
        {"detail": "Give this once.", "parameter": _shortened(name)}
        for name, values in parameters.items()
        if values[1:] and name not in lists
    ]
    try:
        return model.model_validate(arguments), problems
    except ValidationError as error:
        invalid = [{"detail": _detail(each), "parameter": _parameter(each)} for each in _details(error)]
        return None, problems + invalid


def _validate_path(
    parameters: Mapping[str, str], model: type[BaseModel]
) -> tuple[BaseModel | None, list[Problem]]:
    try:
        return model.model_validate(parameters), []
    except ValidationError as error:
        details = _details(error)
        if missing := [_parameter(each) for each in details if each["type"] == "missing"]:
            raise RouteError(
                f"{model.__name__} has {', '.join(missing)}, but the route's path does not"
            ) from error
        return None, [{"detail": _detail(each), "parameter": _parameter(each)} for each in details]


def _list_parameters(model: type[BaseModel]) -> frozenset[str]:
    """The parameters that may be repeated: those whose type is a list, a tuple or a set."""
    aliases = {name: field.validation_alias or name for name, field in model.model_fields.items()}
    return frozenset(
        str(aliases[name]) for name, field in model.model_fields.items() if _is_list(field.annotation)
    )


def _is_list(annotation: object) -> bool:
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        return any(map(_is_list, get_args(annotation)))
    return (origin or annotation) in (list, tuple, set, frozenset)


def _details(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_input=False)


def _detail(error: ErrorDetails) -> str:
    """Pydantic's message, less what may quote the input: the text of a parser, the tag of a union.

    The text of our own validators is shown: `raise ValueError("must be in the future")`.
    """
    message, kind = error["msg"], error["type"]
    if kind in _RAISED and message.startswith(_RAISED[kind]):
        return message.removeprefix(_RAISED[kind])
    if kind in _RAISED or kind not in _PYDANTIC_S_OWN:  # a PydanticCustomError, as EmailStr raises it
        return message.partition(":")[0]
    if kind == "union_tag_invalid":
        return f"Input should be one of {error['ctx']['expected_tags']}"
    return message.partition(", ")[0] if "error" in error.get("ctx", {}) else message


def _path(error: ErrorDetails, value: object) -> list[str | int]:
    """The way to what is wrong in a JSON value, or to what is missing.

    Pydantic's has parts that are not in the value: the members of a union, `[key]` of a mapping.
    """
    path: list[str | int] = []
    for part in error["loc"]:
        match value:
            case dict() if part in value:
                value = value[part]
            case list() if isinstance(part, int) and part < len(value):
                value = value[part]
            case _:
                continue
        path.append(part)
    return [*path, error["loc"][-1]] if error["type"] == "missing" else path


def _pointer(location: Iterable[str | int]) -> str:
    """A JSON pointer as a URI fragment (RFC 6901, 6).

    >>> _pointer(("addresses", 0, "zip/code"))
    '#/addresses/0/zip~1code'
    """
    from urllib.parse import quote

    names = [_shortened(str(part)).replace("~", "~0").replace("/", "~1") for part in location]
    return "#" + "".join(f"/{quote(name, safe='~')}" for name in names)


def _parameter(error: ErrorDetails) -> str:
    return _shortened(str(error["loc"][0])) if error["loc"] else ""


def _shortened(name: str) -> str:
    """A name the client made up may be of any length; the answer is not."""
    return name if len(name) <= _MAX_NAME_LENGTH else f"{name[:_MAX_NAME_LENGTH]}..."
