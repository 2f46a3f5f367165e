"""What Terraform prints with -json: a JSON object on each line, its type in `type`.

https://developer.hashicorp.com/terraform/internals/machine-readable-ui
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

type Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """An error or a warning; `address` is the resource it is about, if there is one."""

    severity: str
    summary: str
    detail: str
    address: str = ""


def parse_event(line: bytes) -> Event:
    """The event of a line. Text that is none, such as a crash, is a log message."""
    text = line.decode("utf-8", "replace").rstrip()
    try:
        event = json.loads(text)
    except ValueError:
        event = None
    if isinstance(event, dict) and "type" in event:
        return event
    return {"type": "text", "@message": re.sub(r"\x1b\[[0-9;]*m", "", text)}


def diagnostic_of(event: Event) -> Diagnostic | None:
    """The error or warning that an event is about."""
    found = event.get("diagnostic")
    if event["type"] != "diagnostic" or not isinstance(found, dict):
        return None
    words = (str(found.get(name) or "") for name in ("severity", "summary", "detail", "address"))
    return Diagnostic(*words)
