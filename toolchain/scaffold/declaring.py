"""From the options of `invoke new-function` to a function.yaml."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from toolchain.errors import ManifestError
from toolchain.manifest.fields import listed

type Item = dict[str, Any]

_HEADER = "# yaml-language-server: $schema=../function.schema.json\n"
# Cognito waits 5 seconds; this leaves the function the time to say what went wrong.
_COGNITO_TIMEOUT_SECONDS = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """A function to make: `triggers` has at most one, by kind: {"http": "GET /things/{id}"}.

    `database` is the account that it has, or empty.
    """

    name: str
    triggers: Mapping[str, str] = field(default_factory=dict)
    auth: str = "jwt"
    description: str = ""
    database: str = ""


def manifest_text(wanted: Wanted) -> str:
    """The text of its function.yaml. Raises ManifestError for several triggers, or one that can't be read."""
    if len(wanted.triggers) > 1:
        given = listed([f"--{kind.replace('_', '-')}" for kind in wanted.triggers], "and")
        raise ManifestError(f"{given} are given; start with one trigger, and add others in function.yaml")
    document: Item = {"description": wanted.description or _description(wanted.triggers)}
    for kind, value in wanted.triggers.items():
        document["triggers"] = [{kind: _ITEMS[kind](value, wanted.auth)}]
    if "cognito" in wanted.triggers:
        document["timeout_seconds"] = _COGNITO_TIMEOUT_SECONDS
    if wanted.database:
        document["database"] = wanted.database
    return _HEADER + yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=1000)


def _description(triggers: Mapping[str, str]) -> str:
    """What can be said of a function of which only the trigger is known."""
    for kind, value in triggers.items():
        return _DESCRIPTIONS[kind].format(value)
    return "Is called by its name"


_DESCRIPTIONS = {
    "http": "Answers {}",
    "cognito": "Is called by the user pool: {}",
    "schedule": "Runs on schedule: {}",
    "sqs": "Works on the messages of the queue {}",
    "sns": "Works on the messages of the topic {}",
    "s3": "Works on the new objects of the bucket {}",
    "eventbridge": "Works on the events of {}",
    "dynamodb_stream": "Works on the changes of the table {}",
}


class _Dumper(yaml.SafeDumper):
    """Items of a list are indented, as people write them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - PyYAML's
        super().increase_indent(flow, False)  # noqa: FBT003


def _http(value: str, auth: str) -> Item:
    """`GET /things/{id}`, or `$default`."""
    method, separator, path = value.partition(" ")
    if value == "$default":
        method, path = "ANY", value
    elif not separator:
        raise ManifestError(f"--http is {value!r}; write a method and a path, such as 'GET /things/{{id}}'")
    return {"method": method, "path": path.strip(), "auth": auth}


def _cognito(value: str, _: str) -> Item:
    """`PostConfirmation`, or with a version `PreTokenGeneration:V2_0`."""
    trigger, separator, version = value.partition(":")
    return {"trigger": trigger, "version": version} if separator else {"trigger": trigger}


_ITEMS: Mapping[str, Callable[[str, str], Item]] = {
    "http": _http,
    "cognito": _cognito,
    "schedule": lambda expression, _: {"expression": expression},
    "sqs": lambda queue, _: {"queue": queue},
    "sns": lambda topic, _: {"topic": topic},
    "s3": lambda bucket, _: {"bucket": bucket},
    "eventbridge": lambda source, _: {"pattern": {"source": [source]}},
    "dynamodb_stream": lambda table, _: {"table": table},
}
