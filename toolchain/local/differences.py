"""What tells two collections apart, in words."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any


def mapping_differences(here: Mapping[str, Any], there: Mapping[str, Any]) -> list[str]:
    """A line for each key that only one has, and for each field that their values (dataclasses) differ in.

    Fields that do not count when values are compared do not count here.

    >>> mapping_differences({"users": Settings(memory_mb=128)}, {"users": Settings(memory_mb=256)})
    ['users: memory_mb is 128 here and 256 there']
    """
    lines = []
    for key in sorted(here.keys() | there.keys()):
        if key not in there:
            lines.append(f"{key}: only here")
        elif key not in here:
            lines.append(f"{key}: only there")
        else:
            lines += _differing_fields(key, here[key], there[key])
    return lines


def _differing_fields(key: str, here: Any, there: Any) -> list[str]:  # noqa: ANN401 - any two of one dataclass
    return [
        f"{key}: {name} is {getattr(here, name)!r} here and {getattr(there, name)!r} there"
        for name in (field.name for field in fields(here) if field.compare)
        if getattr(here, name) != getattr(there, name)
    ]
