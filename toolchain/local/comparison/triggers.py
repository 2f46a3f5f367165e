"""What calls functions besides HTTP, as values: each in the words of its manifest."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

_COMPARED = ("cognito", "schedule", "sqs", "sns", "s3", "eventbridge", "dynamodb_stream")
# JSON in a declaration: spaces and the order of its keys mean nothing.
_TEXTS = ("input", "filter_policy", "pattern")


@dataclass(frozen=True, slots=True, order=True)
class Trigger:
    """A trigger of a function; `settings` is JSON, as in dist/functions.json."""

    function: str
    kind: str
    settings: str

    @classmethod
    def of(cls, function: str, kind: str, settings: Mapping[str, Any]) -> Self:
        """Equal settings make equal triggers, however they are written."""
        read = {
            name: json.loads(value) if name in _TEXTS and value else value for name, value in settings.items()
        }
        return cls(function, kind, json.dumps(read, sort_keys=True))

    def __str__(self) -> str:
        return f"{self.function}: {self.kind} {self.settings}"


def declared_triggers(declaration: Mapping[str, Any]) -> Iterator[Trigger]:
    """From an entry of dist/functions.json; routes are compared by themselves."""
    for kind in _COMPARED:
        for trigger in declaration["triggers"][kind]:
            yield Trigger.of(declaration["name"], kind, trigger)
