"""What a trigger may change in its event: the response, by the keys that Cognito knows."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any


def find_problems(before: Mapping[str, Any], after: Mapping[str, Any], known: Collection[str]) -> list[str]:
    """What was changed and may not be, one line each; values are never part of it.

    >>> find_problems({"userName": "ada", "response": {}}, {"userName": "bob", "response": {}}, [])
    ['userName was changed; a trigger may change its response only']
    """
    outside = _find_changes({**before, "response": None}, {**after, "response": None})
    added = sorted(after["response"].keys() - before["response"].keys() - set(known))
    return [
        *(f"{path} was changed; a trigger may change its response only" for path in outside),
        *(f"response.{key} is unknown to Cognito; {_allowed(known)}" for key in added),
    ]


def _allowed(known: Collection[str]) -> str:
    return f"use {', '.join(sorted(known))}" if known else "this trigger's response stays empty"


def _find_changes(before: object, after: object, path: str = "") -> Iterator[str]:
    """Paths of what differs: `request.userAttributes.email`. To JSON, unlike Python, 1 is not true."""
    if type(before) is not type(after):
        yield path
    elif isinstance(before, dict | list):
        old, new = _members(before), _members(after)
        for key in [*old, *(key for key in new if key not in old)]:
            inner = f"{path}.{key}" if path else str(key)
            if key in old and key in new:
                yield from _find_changes(old[key], new[key], inner)
            else:
                yield inner
    elif before != after:
        yield path


def _members(value: object) -> dict[Any, Any]:
    return value if isinstance(value, dict) else dict(enumerate(value if isinstance(value, list) else []))
