"""What a rule's target gets of an event: all of it, a part, a constant, or a text made from parts.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

import json
import re
from collections.abc import Mapping
from typing import Any

_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
# A string of JSON, in which a placeholder is text; or a placeholder outside, which is a value.
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>]+>', re.DOTALL)
_PLACEHOLDER = re.compile(r"<([^<>]+)>")

type Event = Mapping[str, Any]


def target_input(target: Mapping[str, Any], event: Event, rule_arn: str) -> Any:  # noqa: ANN401 - JSON
    """The input of a target, as PutTargets describes it, for an event."""
    if target.get("Input"):
        return json.loads(target["Input"])
    if target.get("InputPath"):
        return at_path(target["InputPath"], event)
    if transformer := target.get("InputTransformer"):
        paths = transformer.get("InputPathsMap") or {}
        values = {name: at_path(path, event) for name, path in paths.items()}
        return transform(transformer["InputTemplate"], {**values, **_predefined(event, rule_arn)})
    return dict(event)


def at_path(path: str, event: Event) -> Any:  # noqa: ANN401 - JSON
    """What is at a path such as `$.detail.items[0].id`; None if nothing is."""
    value: Any = event
    for key, index in _STEP.findall(path.removeprefix("$")):
        try:
            value = value[key] if key else value[int(index)]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def transform(template: str, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """The template with its placeholders filled in; what is not JSON then is a text.

    >>> transform('{"id": <id>, "text": "order <id>"}', {"id": 42})
    {'id': 42, 'text': 'order 42'}
    """

    def in_text(found: re.Match[str]) -> str:
        value = values.get(found[1], "")
        text = value if isinstance(value, str) else json.dumps(value)
        return json.dumps(text)[1:-1]

    def part(found: re.Match[str]) -> str:
        if found[0].startswith('"'):
            return _PLACEHOLDER.sub(in_text, found[0])
        return json.dumps(values.get(found[0][1:-1]))

    filled = _PART.sub(part, template)
    try:
        return json.loads(filled)
    except ValueError:
        return filled


def _predefined(event: Event, rule_arn: str) -> dict[str, Any]:
    return {
        "aws.events.rule-arn": rule_arn,
        "aws.events.rule-name": rule_arn.rpartition("/")[2],
        "aws.events.event.ingestion-time": event["time"],
        "aws.events.event": {name: value for name, value in event.items() if name != "detail"},
        "aws.events.event.json": event,
    }
