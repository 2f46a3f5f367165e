"""`@trigger`: makes a Lambda handler of a function that fills in the response of an event."""

import copy
import functools
from collections.abc import Callable
from types import get_original_bases
from typing import Any, Concatenate, get_args

from lib.cognito.changes import find_problems
from lib.cognito.events import TriggerEvent
from lib.context import LambdaContext
from lib.logging import logger, with_context

type Event = dict[str, Any]
type Handler[**P] = Callable[Concatenate[Event, LambdaContext, P], Event]


class TriggerError(Exception):
    """Root of this module's errors. Whoever signs up or in gets to see the text of a trigger's error.

    Cognito says: `UserLambdaValidationException: PreSignUp failed with error <text>.`
    """


class RefusedError(TriggerError):
    """Raised by a function to stop the sign-up or sign-in; the text is for the user."""


class ChangeError(TriggerError):
    """The function changed something else than the response; `problems` has a line each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


class FailedError(TriggerError):
    """The function failed: the user is told the request id, the log tells the rest."""


def trigger[E: TriggerEvent[Any, Any], **P](
    kind: type[E], *sources: str
) -> Callable[[Callable[Concatenate[E, P], None]], Handler[P]]:
    """Make a handler of a function that takes one kind of event, from some or all of its sources.

        @trigger(PreSignUp, "PreSignUp_SignUp")
        def handler(event: PreSignUp) -> None:
            event.response["autoConfirmUser"] = True

        handler(event, context)                 # as Lambda calls it; the whole event comes back
        handler(event, context, database=fake)  # a test, of a function that takes a database

    An event from another source comes back as it is, and the function isn't called. The handler raises
    ChangeError when anything but the response was changed (Cognito would refuse it with "Unrecognizable
    lambda output"), RefusedError when the function does, and FailedError for any other error of it.
    """
    _check_sources(kind, sources)
    response_keys = get_args(get_original_bases(kind)[0])[1].__annotations__.keys()

    def decorate(function: Callable[Concatenate[E, P], None]) -> Handler[P]:
        @with_context
        @functools.wraps(function)
        def handler(event: Event, context: LambdaContext, /, *args: P.args, **kwargs: P.kwargs) -> Event:
            if event["triggerSource"] not in (sources or kind.sources):
                logger.info("not for this function", trigger_source=event["triggerSource"])
                return event
            given = {**event, "response": event.get("response") or {}}
            before = copy.deepcopy(given)

            def respond() -> None:
                function(kind.parse(given), *args, **kwargs)
                if problems := find_problems(before, given, response_keys):
                    raise ChangeError(problems)

            _report(respond, context.aws_request_id)
            return given

        return handler

    return decorate


def _report(respond: Callable[[], None], request_id: str) -> None:
    """Log what is raised, and let nothing of our own errors out to the user."""
    try:
        respond()
    except RefusedError as refusal:
        logger.info("refused", reason=str(refusal))
        raise
    except ChangeError:
        logger.exception("the event was changed")
        raise
    except Exception as error:
        logger.exception("the function failed")
        raise FailedError(f"internal error; the request id is {request_id}") from error


def _check_sources(kind: type[TriggerEvent[Any, Any]], sources: tuple[str, ...]) -> None:
    unknown = sorted(set(sources) - kind.sources)
    if unknown:
        known = ", ".join(sorted(kind.sources))
        raise ValueError(f"{kind.__name__} has no source {', '.join(unknown)}; use {known}")
