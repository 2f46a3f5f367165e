"""The JSON Schema of function.yaml."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from toolchain.errors import ManifestError
from toolchain.manifest.schema import is_current, manifest_schema, schema_text, write_schema
from toolchain.project import Project

ROOT = Project(Path(__file__).parents[2])
SCHEMA = manifest_schema()


def nodes(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - JSON
    """Every object of a schema, with its place."""
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from nodes(value, f"{path}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from nodes(value, f"{path}/{index}")


def test_the_committed_schema_is_current() -> None:
    """Editors read the file; `invoke schema` writes it."""
    assert is_current(ROOT), "functions/function.schema.json is stale; run `invoke schema`"


def test_every_key_has_a_description() -> None:
    """It is what an editor shows on hovering."""
    keys = [
        (path, key, value)
        for path, node in nodes(SCHEMA)
        for key, value in (node["properties"].items() if isinstance(node.get("properties"), dict) else ())
    ]
    assert len(keys) > 50
    assert [f"{path}/{key}" for path, key, value in keys if not value.get("description")] == []


def test_unknown_keys_are_errors_in_editors_too() -> None:
    """Every mapping with fixed keys is closed."""
    mappings = [(path, node) for path, node in nodes(SCHEMA) if isinstance(node.get("properties"), dict)]
    assert [path for path, node in mappings if node.get("additionalProperties") is not False] == []


def test_patterns_are_regular_expressions_of_both_worlds() -> None:
    r"""Editors use JavaScript's dialect: no \\p, no \\A, no named groups."""
    patterns = [node["pattern"] for _, node in nodes(SCHEMA) if isinstance(node.get("pattern"), str)]
    assert len(patterns) > 8
    for pattern in patterns:
        re.compile(pattern)
        assert not re.search(r"\\[pPAZ]|\(\?", pattern)


@pytest.mark.parametrize(
    ("key", "keywords"),
    [
        ("memory_mb", {"type": "integer", "minimum": 128, "maximum": 10240, "default": 256}),
        ("timeout_seconds", {"type": "integer", "minimum": 1, "maximum": 900, "default": 10}),
        ("architecture", {"enum": ["arm64", "x86_64"], "default": "arm64"}),
        ("database", {"enum": ["none", "reader", "writer", "owner"], "default": "none"}),
    ],
)
def test_limits_and_defaults_are_in_the_schema(key: str, keywords: dict[str, Any]) -> None:
    """An editor knows what the toolchain knows."""
    assert keywords.items() <= SCHEMA["properties"][key].items()


def test_the_schema_is_written_once(tmp_path: Path) -> None:
    """A second run has nothing to do."""
    project = Project(tmp_path)
    project.functions.mkdir()
    assert write_schema(project)
    assert not write_schema(project)
    assert json.loads((project.functions / "function.schema.json").read_text()) == SCHEMA
    assert schema_text().endswith("}\n")


def test_a_schema_that_can_not_be_written(tmp_path: Path) -> None:
    """The checkout is read-only or, as here, incomplete."""
    with pytest.raises(ManifestError) as caught:
        write_schema(Project(tmp_path))
    assert str(caught.value) == "functions/function.schema.json can't be written: No such file or directory"
