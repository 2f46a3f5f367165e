"""Pools whose triggers are functions of the test, and what those answer."""

from collections.abc import Callable
from typing import Any

from tests.integration.cognito.harness import Event, LocalAws, PoolUnderTest, arn

ADA = "ada@example.com"


def with_triggers(aws: LocalAws, *names: str, **settings: Any) -> PoolUnderTest:  # noqa: ANN401  CreateUserPool's
    """A pool with functions, named like their triggers, that change nothing unless a test says so."""
    for name in names:
        aws.functions.handlers.setdefault(name, lambda event: event)
    return aws.pool(LambdaConfig={name: arn(name) for name in names}, **settings)


def answering(**response: Any) -> Callable[[Event], Event]:  # noqa: ANN401  any JSON
    return lambda event: {**event, "response": {**event["response"], **response}}
