"""YAML as function.yaml may use it: plain data, every key once, no value that YAML 1.1 reads its own way.

PyYAML follows YAML 1.1, where `on` is true, `0256` is 174 and `12:30` is 750; editors follow 1.2. What the
two read differently is refused, so that a file means what it says.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from toolchain.errors import ManifestError

# libyaml's parser is ten times as fast; a PyYAML built without it has only the other.
_SafeLoader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_MAPPING = "tag:yaml.org,2002:map"
_MERGE = "tag:yaml.org,2002:merge"
_STRING = "tag:yaml.org,2002:str"
_SURPRISES = {
    "tag:yaml.org,2002:bool": (re.compile(r"true|false"), "write true or false, or quote it"),
    "tag:yaml.org,2002:int": (re.compile(r"-?(0|[1-9][0-9]*)"), "write a plain decimal number, or quote it"),
    "tag:yaml.org,2002:timestamp": (re.compile(r"(?!)"), "quote it"),
}


def parse_document(text: str) -> dict[str, Any]:
    """The mapping a YAML text holds.

    Raises ManifestError with every key that is there twice and every value that needs quotes, or with the
    place where the text stops being YAML.
    """
    try:
        loader = _SafeLoader(text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        raise ManifestError(_describe(error)) from error
    except yaml.YAMLError as error:
        raise ManifestError(f"is not YAML: {str(error).splitlines()[0]}") from error
    if node is None or node.tag != _MAPPING:
        raise ManifestError("holds no mapping; write keys and values, such as `description: Lists the users`")
    if problems := list(_problems(node, "", ())):
        raise ManifestError(problems)
    return _construct(loader, node)


def _construct(loader: yaml.SafeLoader, node: yaml.Node) -> dict[str, Any]:
    try:
        document: dict[str, Any] = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        raise ManifestError(_describe(error)) from error
    return document


def _describe(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{place}{error.problem or error.context}"


def _problems(node: yaml.Node, key: str, above: tuple[yaml.Node, ...]) -> Iterator[str]:
    """Everything below `node` that would be lost, or read as something else than it looks like."""
    if node in above:
        yield f"{key} is an alias of what it is in; write it out"
    elif isinstance(node, yaml.MappingNode):
        yield from _mapping_problems(node, key, (*above, node))
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _problems(item, f"{key}[{index}]", (*above, node))
    elif surprise := _surprise(node):
        yield f"{key} is {node.value}, which YAML reads as another value; {surprise}"


def _mapping_problems(node: yaml.MappingNode, key: str, above: tuple[yaml.Node, ...]) -> Iterator[str]:
    names: set[str] = set()
    for name_node, value_node in node.value:
        if name_node.tag == _MERGE:
            yield from _problems(value_node, key, above)
            continue
        name = str(name_node.value) if isinstance(name_node, yaml.ScalarNode) else "?"
        full_name = f"{key}.{name}" if key else name
        if name_node.tag != _STRING:
            yield f"the key {full_name} is not text; quote it"
        if name in names:
            yield f"{full_name} is there twice; keep one"
        names.add(name)
        yield from _problems(value_node, full_name, above)


def _surprise(node: yaml.Node) -> str | None:
    plain_form, advice = _SURPRISES.get(node.tag, (None, ""))
    return advice if plain_form and not plain_form.fullmatch(node.value) else None
