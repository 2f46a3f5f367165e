"""ARNs of what triggers name, in permissions: Terraform puts the stage's name before that of the resource.

It finds the resource by its whole name, in ARNs that leave region and account open. What no trigger names is
somebody else's, and stays as it is written.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from toolchain.manifest.model import Function
from toolchain.manifest.triggers import (
    DynamoDbStreamTrigger,
    EventBridgeTrigger,
    S3Trigger,
    SnsTrigger,
    SqsTrigger,
    Trigger,
)

_ARN = re.compile(
    r"arn:[^:]*:(?:(?P<queue>sqs:\*:\*:)|(?P<topic>sns:\*:\*:)|(?P<table>dynamodb:\*:\*:table/)"
    r"|(?P<bus>events:\*:\*:event-bus/)|(?P<bucket>s3:::))(?P<name>[^/]*)"
)

type Names = Mapping[str, frozenset[str]]


def resource_problems(functions: Iterable[Function]) -> Iterator[str]:
    """Names with wildcards that fit a declared resource here, and none on AWS.

    >>> list(resource_problems([uploading]))
    ["functions/upload/function.yaml: permissions[0].resources[0] is 'arn:aws:s3:::up*', which fits the bucket
    uploads, but not its name on AWS, which begins with the stage's; name the bucket in full"]
    """
    known = tuple(functions)
    names = _declared(known)
    for function in known:
        for place, resource in _resources(function):
            if found := _misfit(resource, names):
                kind, name = found
                yield (
                    f"functions/{function.name}/function.yaml: {place} is {resource!r}, which fits the "
                    f"{kind} {name}, but not its name on AWS, which begins with the stage's; name the {kind} "
                    "in full"
                )


def _resources(function: Function) -> Iterator[tuple[str, str]]:
    """The ARNs of a function's permissions, and where they are."""
    for index, permission in enumerate(function.permissions):
        for place, resource in enumerate(permission.resources):
            yield f"permissions[{index}].resources[{place}]", resource


def _misfit(resource: str, names: Names) -> tuple[str, str] | None:
    """Kind and name of a resource that a pattern fits; `*` fits those on AWS, too."""
    found = _ARN.match(resource)
    if not found or not found.lastgroup or "*" not in found["name"].replace("?", "*") or found["name"] == "*":
        return None
    kind = next(kind for kind in names if found[kind])
    pattern = re.escape(found["name"]).replace(r"\*", ".*").replace(r"\?", ".")
    return next(((kind, name) for name in sorted(names[kind]) if re.fullmatch(pattern, name)), None)


def _declared(functions: Iterable[Function]) -> Names:
    triggers = [trigger for function in functions for trigger in function.triggers]
    named = [_named(trigger) for trigger in triggers]
    return {
        kind: frozenset(name for found, name in filter(None, named) if found == kind)
        for kind in ("queue", "topic", "table", "bus", "bucket")
    }


def _named(trigger: Trigger) -> tuple[str, str] | None:
    """What kind of resource a trigger names, and how."""
    match trigger:
        case SqsTrigger():
            return "queue", trigger.queue
        case SnsTrigger():
            return "topic", trigger.topic
        case DynamoDbStreamTrigger():
            return "table", trigger.table
        case EventBridgeTrigger() if trigger.bus != "default":
            return "bus", trigger.bus
        case S3Trigger():
            return "bucket", trigger.bucket
        case _:
            return None
