"""Values as JSON: dataclasses, pydantic models, times, decimals, whatever a handler returns."""

import contextlib
import json
import sys
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID


def to_json(value: object) -> str:
    """The value as JSON text.

    Times are ISO 8601 in UTC (`2026-01-31T12:00:00Z`), decimals are strings, so that no digit is lost.
    Raises TypeError for a type without a JSON form, ValueError for NaN, infinity and times without zone.
    """
    return json.dumps(value, default=_plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _plain(value: object) -> object:
    """One level of a value that `json` does not know; it calls again for what is inside."""
    match value:
        case datetime():
            return _utc(value)
        case date() | time():
            return value.isoformat()
        case UUID() | Decimal():
            return str(value)
        case Enum():
            return value.value
        case AbstractSet():
            return sorted(value)
    return _members(value)


def _members(value: object) -> object:
    """What a value has inside, by name; the text of one that is a single thing."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    # Asked by name: importing pydantic to ask by type would cost a function without models 75 ms.
    dump = getattr(value, "model_dump", None)
    if dump is not None:
        members: dict[str, Any] = dump(mode="python", by_alias=True)  # its "json" keeps other time zones
        return members
    return _as_pydantic_does(value)


def _as_pydantic_does(value: object) -> str:
    """What pydantic makes a text of, where it is loaded: URLs, addresses, paths, durations (`PT1H`).

    Not what would be shown as asterisks, nor bytes, of which nobody knows what they are.
    """
    pydantic_core = sys.modules.get("pydantic_core")
    if pydantic_core and not isinstance(value, bytes | bytearray) and not hasattr(value, "get_secret_value"):
        with contextlib.suppress(pydantic_core.PydanticSerializationError):
            text = pydantic_core.to_jsonable_python(value)
            if isinstance(text, str):
                return text
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _utc(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a time without a zone has no one meaning; make it aware")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
