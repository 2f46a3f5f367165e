"""The members of a request, with the errors AWS has for those that are missing or of another type."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolchain.local.cognito.errors import InvalidParameterError, SerializationError

type Document = dict[str, Any]
"""JSON, as AWS spells it: what an operation answers."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent; members have AWS's names."""

    members: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A string that has to be there."""
        value = self.optional_text(name)
        if value is None:
            raise _missing(name)
        return value

    def optional_text(self, name: str) -> str | None:
        value = self.members.get(name)
        if value is not None and not isinstance(value, str):
            raise _unreadable(name, "a string")
        return value

    def flag(self, name: str) -> bool:
        """A boolean, false when it is left out."""
        value = self.members.get(name, False)
        if not isinstance(value, bool):
            raise _unreadable(name, "true or false")
        return value

    def limit(self, name: str, maximum: int) -> int:
        """The size of a page: 1 to a maximum, which is the default."""
        value = self.members.get(name)
        if value is None:
            return maximum
        if not isinstance(value, int) or isinstance(value, bool):
            raise _unreadable(name, "a number")
        if not 0 <= value <= maximum:
            raise InvalidParameterError(
                f"1 validation error detected: Value '{value}' at '{_lower(name)}' failed to satisfy"
                f" constraint: Member must have value less than or equal to {maximum}"
            )
        return value or maximum

    def texts(self, name: str) -> list[str]:
        """A list of strings that has to be there."""
        value = self.members.get(name)
        if value is None:
            raise _missing(name)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise _unreadable(name, "a list of strings")
        return value

    def mapping(self, name: str) -> dict[str, str]:
        """A mapping of strings to strings, empty when it is left out."""
        value = self.members.get(name) or {}
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            raise _unreadable(name, "a mapping of strings")
        return value

    def optional_mapping(self, name: str) -> dict[str, str] | None:
        return self.mapping(name) or None

    def member(self, name: str) -> "Request | None":
        """A structure in the request."""
        value = self.members.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise _unreadable(name, "a structure")
        return Request(value)

    def attributes(self, name: str) -> dict[str, str]:
        """A list of `{"Name": ..., "Value": ...}` as a mapping, empty when it is left out."""
        items = self.members.get(name) or []
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise _unreadable(name, "a list of attributes")
        pairs = [Request(item) for item in items]
        return {pair.text("Name"): pair.optional_text("Value") or "" for pair in pairs}


def _missing(name: str) -> InvalidParameterError:
    return InvalidParameterError(
        f"1 validation error detected: Value at '{_lower(name)}' failed to satisfy constraint:"
        " Member must not be null"
    )


def _unreadable(name: str, expected: str) -> SerializationError:
    return SerializationError(f"{name} is not {expected}")


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
