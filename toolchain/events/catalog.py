"""Sample events by name: of a function, or of a kind such as `sqs` and `cognito:PreSignUp_SignUp`."""

import difflib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from toolchain.errors import EventError
from toolchain.events.cognito import SOURCES, cognito_event, sources
from toolchain.events.triggers import Event, trigger_event
from toolchain.manifest.cognito_trigger import CognitoTrigger
from toolchain.manifest.fields import listed
from toolchain.manifest.model import Function
from toolchain.manifest.triggers import TriggerItem

# A declaration for each kind, as function.yaml would have it.
_SAMPLES: Mapping[str, dict[str, Any]] = {
    "http": {"http": {"method": "GET", "path": "/things/{id}", "auth": "jwt"}},
    "http:1.0": {
        "http": {"method": "GET", "path": "/things/{id}", "auth": "jwt", "payload_format_version": "1.0"}
    },
    "schedule": {"schedule": {"expression": "rate(1 day)"}},
    "sqs": {"sqs": {"queue": "orders"}},
    "sns": {"sns": {"topic": "news"}},
    "s3": {"s3": {"bucket": "uploads"}},
    "eventbridge": {"eventbridge": {"pattern": {"source": ["shop.orders"], "detail-type": ["OrderPlaced"]}}},
    "dynamodb_stream": {"dynamodb_stream": {"table": "things"}},
}


def event_names() -> list[str]:
    """Every name `named_event` knows."""
    return list(_makers())


def named_event(name: str) -> Event:
    """The event of a kind.

    Raises EventError, with the name that may have been meant.
    """
    makers = _makers()
    if name not in makers:
        close = difflib.get_close_matches(name, makers, n=1)
        hint = f"did you mean {close[0]!r}?" if close else "`invoke events` lists the names"
        raise EventError(f"{name!r} is no function and no kind of trigger; {hint}")
    return makers[name]()


def function_event(function: Function, trigger: str = "") -> Event:
    """The event of one of the function's triggers, chosen by number or kind; by default the first.

    A function without triggers is called by name, with whatever the caller sends: an empty event.
    """
    if not function.triggers and not trigger:
        return {}
    chosen = [
        candidate
        for number, candidate in enumerate(function.triggers)
        if trigger in {"", str(number), candidate.kind}
    ]
    if not chosen:
        known = [f"{number} ({candidate.kind})" for number, candidate in enumerate(function.triggers)]
        has = f"its triggers are {listed(known, 'and')}" if known else "it has none"
        raise EventError(f"functions/{function.name}: there is no trigger {trigger}; {has}")
    return trigger_event(chosen[0], function.name)


def _makers() -> dict[str, Callable[[], Event]]:
    """What makes the event, for each name."""
    makers: dict[str, Callable[[], Event]] = {
        name: partial(_sample, declared) for name, declared in _SAMPLES.items()
    }
    for trigger in SOURCES:
        makers[f"cognito:{trigger}"] = partial(cognito_event, CognitoTrigger(trigger=trigger))
    for trigger in SOURCES:
        makers |= _by_source(CognitoTrigger(trigger=trigger), "")
    for version in ("V2_0", "V3_0"):
        versioned = CognitoTrigger(trigger="PreTokenGeneration", version=version)
        makers |= _by_source(versioned, f":{version}")
    return makers


def _sample(declared: dict[str, Any]) -> Event:
    [trigger] = TriggerItem.model_validate(declared).given
    return trigger_event(trigger, "sample")


def _by_source(trigger: CognitoTrigger, ending: str) -> dict[str, Callable[[], Event]]:
    """`cognito:TokenGeneration_HostedAuth:V2_0` and the like."""
    return {
        f"cognito:{source}{ending}": partial(cognito_event, trigger, source) for source in sources(trigger)
    }
