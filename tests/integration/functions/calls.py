"""Calls of handlers, as the fixtures `call` and `sample` make them, and what is in bodies."""

import json
from collections.abc import Callable
from typing import Any

type Event = dict[str, Any]
type Call = Callable[..., Event]
type Sample = Callable[[str], Event]


def body_of(answer: Event) -> Event:
    body: Event = json.loads(answer["body"])
    return body


def with_body(event: Event, body: object) -> Event:
    return {**event, "body": json.dumps(body)}
