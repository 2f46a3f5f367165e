"""A function as Terraform and the local server read it: JSON in which every key is always present.

Terraform's typed objects drop a key they do not know and fill one they miss, both silently; so nothing
is optional here, null is explicit, and free-form mappings are JSON text.
"""

import json
from collections.abc import Mapping
from typing import Any

from toolchain.manifest.http_trigger import HttpTrigger
from toolchain.manifest.model import Function
from toolchain.manifest.permissions import Permission
from toolchain.manifest.triggers import (
    KINDS,
    EventBridgeTrigger,
    ScheduleTrigger,
    SnsTrigger,
    SqsTrigger,
    Trigger,
)


def declaration(function: Function) -> dict[str, Any]:
    """The function's entry in dist/functions.json.

    `triggers` has a list for every kind; `environment` has the derived HTTP_ROUTE_GROUPS.
    """
    return {
        "name": function.name,
        "description": function.description,
        "handler": function.handler,
        "architecture": function.architecture,
        "memory_mb": function.memory_mb,
        "timeout_seconds": function.timeout_seconds,
        "ephemeral_storage_mb": function.ephemeral_storage_mb,
        "reserved_concurrency": function.reserved_concurrency,
        "maximum_retry_attempts": function.maximum_retry_attempts,
        "database": function.database,
        "environment": dict(sorted(function.variables.items())),
        "permissions": [_permission(permission) for permission in function.permissions],
        "include": list(function.include),
        "layers": list(function.layers),
        "triggers": _triggers(function),
    }


def _permission(permission: Permission) -> dict[str, Any]:
    """`conditions` has the fields of a `condition` block of aws_iam_policy_document."""
    return {
        "actions": list(permission.actions),
        "resources": list(permission.resources),
        "reason": permission.reason,
        "conditions": [
            {"test": test, "variable": variable, "values": list(values)}
            for test, variables in permission.condition.items()
            for variable, values in variables.items()
        ],
    }


def _triggers(function: Function) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for trigger in function.triggers:
        grouped[trigger.kind].append(_trigger(trigger, function))
    return grouped


def _trigger(trigger: Trigger, function: Function) -> dict[str, Any]:
    match trigger:
        case HttpTrigger():
            return _http(trigger)
        case ScheduleTrigger():
            return {**trigger.model_dump(), "input": _json(trigger.input)}
        case SqsTrigger():
            return {**trigger.model_dump(), "maximum_concurrency": function.queue_concurrency(trigger)}
        case SnsTrigger():
            return {**trigger.model_dump(), "filter_policy": _json(trigger.filter_policy)}
        case EventBridgeTrigger():
            return {**trigger.model_dump(), "pattern": _json(trigger.pattern)}
        case _:
            return trigger.model_dump(mode="json")


def _http(trigger: HttpTrigger) -> dict[str, Any]:
    return {
        "route_key": trigger.route_key,
        "method": trigger.method,
        "path": trigger.path,
        "auth": "jwt" if trigger.auth else "none",
        "scopes": list(trigger.auth.scopes) if trigger.auth else [],
        "groups": list(trigger.auth.groups) if trigger.auth else [],
        "payload_format_version": trigger.payload_format_version,
    }


def _json(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(value, sort_keys=True, separators=(",", ":"))
