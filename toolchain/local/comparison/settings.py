"""How a function runs, as a value."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolchain.local.comparison.names import Names
from toolchain.manifest.environment import HTTP_ROUTE_GROUPS, SET_BY_THE_PLATFORM

_OF_PLATFORM = SET_BY_THE_PLATFORM - {HTTP_ROUTE_GROUPS} | {"LOG_LEVEL"}
_OF_DATABASE = "DATABASE_"
_ASYNCHRONOUS = ("schedule", "sns", "s3", "eventbridge")


@dataclass(frozen=True, slots=True)
class FunctionSettings:
    """A function's settings, in its manifest's words; `environment` is JSON, without what every stage adds.

    `failure_queue` is where its asynchronous events go that it can't work on, after `maximum_retry_attempts`;
    both are None for a function that has no such events.
    """

    description: str
    handler: str
    architecture: str
    memory_mb: int
    timeout_seconds: int
    ephemeral_storage_mb: int
    reserved_concurrency: int | None
    environment: str
    layers: tuple[str, ...]
    uses_database: bool
    failure_queue: str | None
    maximum_retry_attempts: int | None


def declared_settings(declaration: Mapping[str, Any]) -> FunctionSettings:
    """From an entry of dist/functions.json."""
    is_asynchronous = any(declaration["triggers"][kind] for kind in _ASYNCHRONOUS)
    return FunctionSettings(
        description=declaration["description"],
        handler=declaration["handler"],
        architecture=declaration["architecture"],
        memory_mb=declaration["memory_mb"],
        timeout_seconds=declaration["timeout_seconds"],
        ephemeral_storage_mb=declaration["ephemeral_storage_mb"],
        reserved_concurrency=declaration["reserved_concurrency"],
        environment=_own(declaration["environment"]),
        layers=tuple(declaration["layers"]),
        uses_database=declaration["database"] != "none",
        failure_queue=f"{declaration['name']}-failures" if is_asynchronous else None,
        maximum_retry_attempts=declaration["maximum_retry_attempts"] if is_asynchronous else None,
    )


def deployed_settings(
    configuration: Mapping[str, Any], concurrency: int | None, events: Mapping[str, Any], names: Names
) -> FunctionSettings:
    """From what GetFunctionConfiguration and (without one: empty) GetFunctionEventInvokeConfig answer."""
    destination = events.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    variables = configuration.get("Environment", {}).get("Variables", {})
    return FunctionSettings(
        description=configuration["Description"],
        handler=configuration["Handler"],
        architecture=configuration["Architectures"][0],
        memory_mb=configuration["MemorySize"],
        timeout_seconds=configuration["Timeout"],
        ephemeral_storage_mb=configuration["EphemeralStorage"]["Size"],
        reserved_concurrency=concurrency,
        environment=_own(variables),
        layers=tuple(layer["Arn"] for layer in configuration.get("Layers", ())),
        uses_database=any(name.startswith(_OF_DATABASE) for name in variables),
        failure_queue=names.own(destination.rpartition(":")[2]) if destination else None,
        maximum_retry_attempts=events.get("MaximumRetryAttempts"),
    )


def _own(variables: Mapping[str, str]) -> str:
    own = {
        name: value
        for name, value in variables.items()
        if name not in _OF_PLATFORM and not name.startswith(_OF_DATABASE)
    }
    return json.dumps(own, sort_keys=True)
