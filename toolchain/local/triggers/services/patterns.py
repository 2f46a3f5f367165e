"""Event patterns of rules and archives: refused as EventBridge refuses them, and tried.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html
"""

import json
from typing import Any

from moto.events.exceptions import InvalidEventPatternException, ValidationException
from moto.events.models import EventPattern, EventPatternParser
from moto.events.responses import EventsHandler

from toolchain.local.triggers.replacements import Replacement
from toolchain.manifest.patterns import check_pattern

_MANDATORY = ("id", "account", "source", "time", "region", "resources", "detail-type")


def replacements() -> list[Replacement]:
    """moto takes any operator and any operand, and does not know TestEventPattern."""
    return [
        Replacement(EventPatternParser, "parse", _parse),
        Replacement(EventsHandler, "test_event_pattern", _test_event_pattern),
    ]


def _parse(parser: EventPatternParser) -> dict[str, Any]:
    if not parser.pattern:
        return {}
    try:
        pattern = json.loads(parser.pattern)
    except ValueError as error:
        raise InvalidEventPatternException(reason="Invalid JSON") from error
    if not isinstance(pattern, dict):
        raise InvalidEventPatternException(reason="Filter is not an object")
    if not pattern:
        raise InvalidEventPatternException(reason="Empty objects are not allowed")
    try:
        check_pattern(pattern)
    except ValueError as error:
        raise InvalidEventPatternException(reason=str(error)) from error
    return pattern


def _test_event_pattern(request: EventsHandler) -> str:
    pattern = EventPattern.load(request._get_param("EventPattern"))  # noqa: SLF001 - as moto's methods do
    event = _parsed_event(request._get_param("Event"))  # noqa: SLF001 - the same
    return json.dumps({"Result": pattern.matches_event(event)})


def _parsed_event(text: str) -> Any:  # noqa: ANN401 - moto's type
    """The words of the refusals are ours [U]."""
    try:
        event = json.loads(text)
    except ValueError as error:
        raise ValidationException("Parameter Event is not valid. Reason: Invalid JSON") from error
    if not isinstance(event, dict):
        raise ValidationException("Parameter Event is not valid. Reason: it is not an object")
    if missing := [name for name in _MANDATORY if name not in event]:
        raise ValidationException(f"Parameter Event is not valid. Reason: it has no {', '.join(missing)}")
    return event
