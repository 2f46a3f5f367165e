"""What pydantic found, as sentences: where, what was found, what is allowed."""

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from toolchain.manifest.allowed import Location, Schema, allowed, at
from toolchain.manifest.fields import TAG, listed

type Details = Mapping[str, Any]  # pydantic_core.ErrorDetails, as plain data

# More alternatives than this are not listed when one of them is close to what was written.
_FEW = 8


def sentences(error: ValidationError, schema: Schema) -> Iterator[str]:
    """One line for each thing that is wrong; `schema` is that of the model.

    >>> list(sentences(error, manifest_schema()))
    ['memory_mb is 64; use 128 to 10240', "unknown key 'memroy_mb'; did you mean 'memory_mb'?"]
    """
    found = [(_location(details), details) for details in error.errors(include_url=False)]
    misspelt = {
        _meant(location, schema) for location, details in found if details["type"] == "extra_forbidden"
    }
    for location, details in found:
        if details["type"] == "missing" and location in misspelt:
            continue
        if details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]:
            continue  # pydantic counts only the valid items; the invalid ones have a line each
        yield _sentence(location, details, schema)


def _location(details: Details) -> Location:
    """Where it is in the document: without the names pydantic gives to alternatives."""
    return tuple(part for part in details["loc"] if not str(part).startswith(TAG))


def _sentence(location: Location, details: Details, schema: Schema) -> str:
    match details["type"]:
        case "extra_forbidden":
            return _unknown_key(location, schema)
        case "missing":
            return f"{_key(location)} is missing; {allowed(at(schema, location))}"
        case "value_error":
            return _broken_rule(location, details)
        case _:
            found = _shown(location, details["input"])
            return f"{_key(location)} is {found}; {_instead(location, details, schema)}"


def _unknown_key(location: Location, schema: Schema) -> str:
    *parent, key = location
    prefix = f"{_key(parent)}: " if parent else ""
    known = list(at(schema, parent)["properties"])
    meant = _closest(str(key), known)
    return f"{prefix}unknown key {key!r}; " + (
        f"did you mean {meant!r}?" if meant else f"use {listed(known)}"
    )


def _meant(location: Location, schema: Schema) -> Location:
    """Where a misspelt key should have been."""
    *parent, key = location
    return (*parent, _closest(str(key), list(at(schema, parent)["properties"])) or "")


def _broken_rule(location: Location, details: Details) -> str:
    """A rule of our own, which ends in its own advice."""
    rule = details["ctx"]["error"]
    if location and location[-1] == "[key]":
        *parent, key, _ = location
        return f"{_key(parent)} has the key {key!r}; {rule}"
    if isinstance(details["input"], str):
        return f"{_key(location)} is {_shown(location, details['input'])}; {rule}"
    return f"{_key(location)}: {rule}" if location else str(rule)


def _instead(location: Location, details: Details, schema: Schema) -> str:
    found, rule = details["input"], at(schema, location)
    if isinstance(found, bool | int | float) and (
        details["type"] == "string_type" or str(found) in rule.get("enum", ())
    ):
        return "put it in quotes"
    if len(rule.get("enum", ())) > _FEW and (meant := _closest(str(found), rule["enum"])):
        return f"did you mean {meant!r}?"
    return allowed(rule)


def _closest(word: str, known: Sequence[str]) -> str | None:
    return next(iter(difflib.get_close_matches(word, known, n=1)), None)


def _key(location: Location) -> str:
    """The place as messages show it: `triggers[0].http.path`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return text.removeprefix(".")


def _shown(location: Location, value: object) -> str:
    """The value as a message may show it: short, and no environment variable's, which may be a secret."""
    match value:
        case None:
            return "empty"
        case dict():
            return "a mapping" if value else "an empty mapping"
        case list():
            return "a list" if value else "an empty list"
        case bool() | int() | float() if location[0] == "environment":
            return "a number, true or false"
        case _:
            return _shortened(repr(value) if isinstance(value, str) else json.dumps(value, default=str))


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80]}..."
