"""Structured logs, through Powertools' Logger: one line of JSON for each record.

    logger.info("user created", sub=user.sub)

Every record has the level, the time in UTC, the service, and within an invocation the function's name,
the request id and whether it was a cold start. Secrets and personal data are left out (lib.redaction);
the event is never logged, whatever POWERTOOLS_LOGGER_LOG_EVENT says. An exception is one line, too.
"""

import functools
import json
from collections.abc import Callable
from typing import IO, Concatenate

from aws_lambda_powertools.logging import Logger

from lib.context import LambdaContext
from lib.deadline import deadline_of
from lib.metrics import write_metrics
from lib.redaction import redact

type Handler[Event, **P, Result] = Callable[Concatenate[Event, LambdaContext, P], Result]


def build_logger(*, service: str | None = None, stream: IO[str] | None = None) -> Logger:
    """A logger of the service POWERTOOLS_SERVICE_NAME on standard output, unless told otherwise.

    Loggers of one service share their settings: the first to be built decides (Powertools).
    """
    return Logger(
        service=service,
        stream=stream,
        json_serializer=_to_line,
        utc=True,
        use_rfc3339=True,
        serialize_stacktrace=False,  # `exception` has it already, as Python prints it
    )


def _to_line(record: object) -> str:
    """ASCII only: a text with half a surrogate pair could not be written, and its record would be lost."""
    return json.dumps(redact(record), separators=(",", ":"))


logger = build_logger()


def with_context[Event, **P, Result](handler: Handler[Event, P, Result]) -> Handler[Event, P, Result]:
    """Give the records of each invocation the function's name and the request id, and its waits an end.

    What it has counted (lib.metrics) is written when it is over.
    """

    @functools.wraps(handler)
    def run(event: Event, context: LambdaContext, /, *args: P.args, **kwargs: P.kwargs) -> Result:
        try:
            with deadline_of(context):
                return handler(event, context, *args, **kwargs)
        finally:
            write_metrics()

    decorated: Handler[Event, P, Result] = logger.inject_lambda_context(
        run, log_event=False, clear_state=True
    )
    return decorated


def logged[Event, **P, Result](handler: Handler[Event, P, Result]) -> Handler[Event, P, Result]:
    """Give the records of each invocation its request id, and log what the handler raises."""

    @with_context
    @functools.wraps(handler)
    def run(event: Event, context: LambdaContext, /, *args: P.args, **kwargs: P.kwargs) -> Result:
        try:
            return handler(event, context, *args, **kwargs)
        except Exception:
            logger.exception("the function failed")
            raise

    return run
