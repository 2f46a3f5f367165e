"""Plans in Terraform's JSON format, written shortly."""

from collections.abc import Mapping
from typing import Any

from toolchain.scan.plan import Plan, parse_plan

type Json = dict[str, Any]


def resource(address: str, expressions: Mapping[str, Any] | None = None, **values: Any) -> Json:  # noqa: ANN401 - raw JSON
    """A resource `type.name` or `data.type.name`, perhaps `module.m.type.name`, to be created.

    A value of `...` is known after the apply only.
    """
    unknown = [key for key, value in values.items() if value is ...]
    return {
        "address": address,
        "values": {key: value for key, value in values.items() if value is not ...},
        "unknown": dict.fromkeys(unknown, True),
        "expressions": dict(expressions or {}),
    }


def plan(
    *resources: Json,
    arguments: Mapping[str, Mapping[str, Any]] | None = None,
    outputs: Mapping[str, Mapping[str, Any]] | None = None,
) -> Plan:
    """The plan with these resources; `arguments` and `outputs` are expressions by module and name."""
    root: Json = {"resources": [], "module_calls": {}}
    changes = []
    for each in resources:
        module, local = _split(each["address"])
        where = root
        if module:
            where = root["module_calls"].setdefault(module, {"module": {"resources": []}})["module"]
        bare = local.split("[")[0]
        where["resources"].append({"address": bare, "expressions": each["expressions"]})
        changes.append(_change(each, module, bare))
    for module, call in root["module_calls"].items():
        call["expressions"] = dict((arguments or {}).get(module, {}))
        call["module"]["outputs"] = {
            name: {"expression": expression} for name, expression in (outputs or {}).get(module, {}).items()
        }
    return parse_plan({"configuration": {"root_module": root}, "resource_changes": changes})


def refer(*references: str) -> Json:
    return {"references": list(references)}


def _split(address: str) -> tuple[str | None, str]:
    if address.startswith("module."):
        _, module, local = address.split(".", 2)
        return module, local
    return None, address


def _change(each: Json, module: str | None, bare: str) -> Json:
    is_data = bare.startswith("data.")
    kind, name = bare.removeprefix("data.").split(".")
    where = {"module_address": f"module.{module}"} if module else {}
    return {
        **where,
        "address": each["address"],
        "mode": "data" if is_data else "managed",
        "type": kind,
        "name": name,
        "change": {"after": each["values"], "after_unknown": each["unknown"]},
    }
