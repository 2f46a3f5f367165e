"""Terraform's plans as values: `terraform show -json`, without what nobody asks for.

https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from toolchain.errors import TerraformError

type Kind = Literal["create", "update", "replace", "delete", "forget", "read", "import", "move", "no-op"]

_KINDS: dict[tuple[str, ...], Kind] = {
    ("create",): "create",
    ("update",): "update",
    ("delete",): "delete",
    ("forget",): "forget",
    ("read",): "read",
    ("no-op",): "no-op",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
    ("create", "forget"): "replace",
}


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one resource: `attributes` change, `replace_paths` are those that can't in place.

    `reason` is Terraform's `action_reason`: `replace_because_cannot_update`, or empty.
    """

    address: str
    type: str
    kind: Kind
    attributes: tuple[str, ...] = ()
    replace_paths: tuple[str, ...] = ()
    reason: str = ""
    previous_address: str = ""
    is_deposed: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes of managed resources in Terraform's order, outputs that change, and the stage's name.

    `reserved_concurrency` is how many instances functions reserve after it, less those that they did before.
    """

    changes: tuple[Change, ...]
    outputs: tuple[str, ...] = ()
    stage: str | None = None
    reserved_concurrency: int = 0


def parse_plan(document: Mapping[str, Any]) -> Plan:
    """The plan of a document. What does not change, and what is only read, is left out."""
    resources = [one for one in document.get("resource_changes", ()) if one.get("mode") == "managed"]
    changes = [_change(one) for one in resources]
    outputs = [
        name for name, change in document.get("output_changes", {}).items() if change["actions"] != ["no-op"]
    ]
    stage = document.get("variables", {}).get("stage", {}).get("value")
    relevant = tuple(one for one in changes if one.kind not in ("no-op", "read"))
    functions = [one["change"] for one in resources if one["type"] == "aws_lambda_function"]
    reserved = sum(_reserved(one["after"]) - _reserved(one["before"]) for one in functions)
    return Plan(relevant, tuple(sorted(outputs)), stage, reserved)


def _reserved(function: Mapping[str, Any] | None) -> int:
    """The instances that a function reserves; the AWS provider has -1 for none."""
    return max((function or {}).get("reserved_concurrent_executions") or 0, 0)


def planned_packages(document: Mapping[str, Any]) -> dict[str, str]:
    """The package of each function that there is after the plan: the function's name, and its key on S3.

    A plan has these of functions that do not change too.
    """
    found = dict[str, str]()
    modules = [document.get("planned_values", {}).get("root_module", {})]
    while modules:
        module = modules.pop()
        modules += module.get("child_modules", ())
        for resource in module.get("resources", ()):
            if resource["type"] == "aws_lambda_function":
                key = str(resource["values"]["s3_key"])
                found[key.split("/")[1]] = key
    return found


def _change(resource: Mapping[str, Any]) -> Change:
    change = resource["change"]
    kind = _kind(resource["address"], tuple(change["actions"]))
    previous = resource.get("previous_address", "")
    if kind == "no-op" and change.get("importing"):
        kind = "import"
    elif kind == "no-op" and previous:
        kind = "move"
    paths = {_path(path) for path in change.get("replace_paths", ())}
    return Change(
        address=resource["address"],
        type=resource["type"],
        kind=kind,
        attributes=_attributes(change) if kind in ("update", "replace") else (),
        replace_paths=tuple(sorted(paths)),
        reason=resource.get("action_reason", ""),
        previous_address=previous,
        is_deposed="deposed" in resource,
    )


def _kind(address: str, actions: tuple[str, ...]) -> Kind:
    if actions not in _KINDS:
        raise TerraformError(
            f"{address}: the plan says {' and '.join(actions)}, which this project does not know;"
            " use a Terraform that it was tested with"
        )
    return _KINDS[actions]


def _attributes(change: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the top-level attributes that differ; what is only known then follows from them, mostly.

    Those are named where nothing else differs.
    """
    before, after = change.get("before") or {}, change.get("after") or {}
    unknown = {name for name, value in (change.get("after_unknown") or {}).items() if value is True}
    names = (before.keys() | after.keys()) - unknown
    differing = [name for name in names if before.get(name) != after.get(name)]
    return tuple(sorted(differing or unknown))


def _path(path: Sequence[str | int]) -> str:
    """`["username_attributes", 0]` -> `username_attributes[0]`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
