"""The JSON Schema of function.yaml, for editors: completion, descriptions, and errors while typing."""

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import WithDefaultSchema

from toolchain.errors import ManifestError
from toolchain.manifest.model import Manifest
from toolchain.project import Project

SCHEMA = "functions/function.schema.json"


class _Schema(GenerateJsonSchema):
    """Without what says nothing: titles that repeat the key, and null as the default of a key left out."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401 - pydantic's type is not public
        del schema
        return False

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default", schema) is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)


def manifest_schema() -> dict[str, Any]:
    """The schema as data, JSON Schema draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Manifest.model_json_schema(schema_generator=_Schema),
        "title": "function.yaml",
    }


def schema_text() -> str:
    """What functions/function.schema.json contains."""
    return json.dumps(manifest_schema(), indent=2, ensure_ascii=False) + "\n"


def write_schema(project: Project) -> bool:
    """Write functions/function.schema.json; False if it was current already. Raises ManifestError."""
    if is_current(project):
        return False
    try:
        (project.root / SCHEMA).write_text(schema_text(), encoding="utf-8")
    except OSError as error:
        raise ManifestError(f"{SCHEMA} can't be written: {error.strerror}") from error
    return True


def is_current(project: Project) -> bool:
    """Whether functions/function.schema.json is what the models say."""
    path = project.root / SCHEMA
    return path.is_file() and path.read_text(encoding="utf-8") == schema_text()


def check(project: Project) -> None:
    """Raise ManifestError when functions/function.schema.json is not what the models say."""
    if not is_current(project):
        raise ManifestError(f"{SCHEMA} is stale; run `invoke schema`")
