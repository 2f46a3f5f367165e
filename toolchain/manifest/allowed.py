"""What a JSON Schema allows at one place of a document, as the second half of a sentence.

Messages are made from the schema that editors use, so the two never say different things.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from toolchain.manifest.fields import listed

type Schema = Mapping[str, Any]
type Location = Sequence[str | int]

_BY_TYPE = {
    "array": "use a list",
    "boolean": "use true or false",
    "integer": "use a whole number",
    "object": "use a mapping",
    "string": "use text",
}
_BY_CAPACITY = ("null", "boolean", "integer", "string", "array", "object")


def allowed(schema: Schema) -> str:  # noqa: PLR0911 - a case for each keyword
    """What to write for a value of this schema.

    >>> allowed({"type": "integer", "minimum": 128, "maximum": 10240})
    'use 128 to 10240'
    """
    match schema:
        case {"errorMessage": str(message)}:
            return message
        case {"enum": values}:
            return f"use {listed(values)}"
        case {"minimum": lowest, "maximum": highest}:
            return f"use {lowest} to {highest}"
        case {"minimum": lowest}:
            return f"use {lowest} or more"
        case {"maxItems": most}:
            return f"use a list of at most {most}"
        case {"maxLength": most}:
            return f"use at most {most} characters"
        case {"minItems": _}:
            return "use a list with at least one item"
        case {"minLength": _}:
            return "use at least one character"
        case _:
            return _BY_TYPE[schema.get("type", "object")]


def at(schema: Schema, location: Location) -> Schema:
    """The part of `schema` that describes the value at `location`, references followed."""
    here = _resolved(schema, schema)
    for part in location:
        if isinstance(part, int):
            inner = here["items"]
        else:
            inner = here.get("properties", {}).get(part) or here["additionalProperties"]
        here = _resolved(inner, schema)
    return here


def _resolved(here: Schema, root: Schema) -> Schema:
    """`here` with its `$ref` followed; of alternatives, the one that can hold most (a mapping before text).

    Keywords beside the reference, such as errorMessage, win.
    """
    beside = {key: value for key, value in here.items() if key not in {"$ref", "anyOf", "oneOf"}}
    if "$ref" in here:
        name = here["$ref"].removeprefix("#/$defs/")
        return {**_resolved(root["$defs"][name], root), **beside}
    alternatives = here.get("anyOf") or here.get("oneOf")
    if alternatives:
        largest = max((_resolved(each, root) for each in alternatives), key=_capacity)
        return {**largest, **beside}
    return here


def _capacity(schema: Schema) -> int:
    return _BY_CAPACITY.index(schema.get("type", "string"))
