"""A plan as `terraform show -json` prints it, read for what policies ask of it.

The format: developer.hashicorp.com/terraform/internals/json-format. Values that AWS makes (ids, ARNs) are
not known in a first plan. So what a resource refers to is found in the configuration, through modules'
variables and outputs.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

type Json = Mapping[str, Any]

_INDEX = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')
_ROOT: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource as it will be; `unknown` has True for what only the apply tells.

    `module` is the path of its module by names, `expressions` the configuration it is made of.
    """

    address: str
    type: str
    module: tuple[str, ...]
    values: Json
    unknown: Json
    expressions: Json


@dataclass(frozen=True, slots=True)
class Plan:
    """All resources after the apply, those that stay as they are included."""

    resources: tuple[Resource, ...]
    _modules: Mapping[tuple[str, ...], Json] = field(repr=False)
    _calls: Mapping[tuple[str, ...], Json] = field(repr=False)

    def of(self, *types: str) -> Iterator[Resource]:
        return (resource for resource in self.resources if resource.type in types)

    def sources(self, resource: Resource, attribute: str) -> frozenset[str]:
        """The addresses, without indices, that an attribute's value comes from.

        What can't be followed (`local.x`, `each.value`) is there as it is written. Terraform does not tell
        the expressions of `dynamic` blocks: for these it is all that the resource's module is given.
        """
        if attribute in resource.expressions or not resource.module:
            return frozenset(self._follow(resource.module, resource.expressions.get(attribute)))
        arguments = self._calls[resource.module].get("expressions", {})
        return frozenset(self._follow(resource.module[:-1], arguments))

    def _follow(self, module: tuple[str, ...], expression: object) -> Iterator[str]:
        for reference in _references(expression):
            yield from self._resolve(module, reference)

    def _resolve(self, module: tuple[str, ...], reference: str) -> Iterator[str]:
        match _INDEX.sub("", reference).split("."):
            case ["var", name, *_] if module:
                argument = self._calls[module].get("expressions", {}).get(name)
                yield from self._follow(module[:-1], argument)
            case ["module", name, output, *_]:
                outputs = self._modules.get((*module, name), {}).get("outputs", {})
                yield from self._follow((*module, name), outputs.get(output, {}).get("expression"))
            case ["module", _]:
                return  # Terraform names the module beside its output
            case ["local" | "each" | "count" | "var" | "path" | "terraform" | "self", *_]:
                yield reference
            case ["data", kind, name, *_]:
                yield _address(module, f"data.{kind}.{name}")
            case [kind, name, *_]:
                yield _address(module, f"{kind}.{name}")


def parse_plan(document: Json) -> Plan:
    """The plan of a JSON document of `terraform show -json PLANFILE`."""
    modules: dict[tuple[str, ...], Json] = {}
    calls: dict[tuple[str, ...], Json] = {}
    _index(document["configuration"].get("root_module", {}), _ROOT, modules, calls)
    changes = document.get("resource_changes", [])
    resources = tuple(
        _resource(change, modules) for change in changes if change["change"].get("after") is not None
    )
    return Plan(resources, modules, calls)


def static(address: str) -> str:
    """`module.api["x"].aws_route.all[0]` -> `module.api.aws_route.all`."""
    return _INDEX.sub("", address)


def _index(
    module: Json,
    path: tuple[str, ...],
    modules: dict[tuple[str, ...], Json],
    calls: dict[tuple[str, ...], Json],
) -> None:
    modules[path] = module
    for name, call in module.get("module_calls", {}).items():
        calls[*path, name] = call
        _index(call.get("module", {}), (*path, name), modules, calls)


def _resource(change: Json, modules: Mapping[tuple[str, ...], Json]) -> Resource:
    path = tuple(static(change.get("module_address", "")).split(".")[1::2])
    local = _address(_ROOT, f"{change['type']}.{change['name']}")
    if change["mode"] == "data":
        local = f"data.{local}"
    declared = modules.get(path, {}).get("resources", [])
    expressions: Json = next(
        (each.get("expressions", {}) for each in declared if each["address"] == local), {}
    )
    details = change["change"]
    unknown = details.get("after_unknown")
    return Resource(
        change["address"],
        change["type"],
        path,
        details["after"],
        unknown if isinstance(unknown, Mapping) else {},
        expressions,
    )


def _references(expression: object) -> Iterator[str]:
    """The references of an expression, of blocks and lists of blocks."""
    if isinstance(expression, Mapping):
        for key, value in expression.items():
            yield from value if key == "references" else _references(value)
    elif isinstance(expression, list):
        for each in expression:
            yield from _references(each)


def _address(module: tuple[str, ...], local: str) -> str:
    return "".join(f"module.{name}." for name in module) + local
