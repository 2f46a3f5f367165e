"""What `invoke build` has made, as dist/functions.json says; a file that is another is an error."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolchain.errors import BuildError
from toolchain.project import Project

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Package:
    """A function's zip: `path` in the checkout, `sha256` in hexadecimal, `size` in bytes."""

    name: str
    path: Path
    sha256: str
    size: int

    @property
    def key(self) -> str:
        """Where it is in the artifact bucket; other content has another key."""
        return f"functions/{self.name}/{self.sha256}.zip"

    def read(self) -> bytes:
        """The zip. Raises BuildError when it is not what was built."""
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise BuildError(f"{self._shown}: {error.strerror}; run `invoke build`") from error
        found = hashlib.sha256(content).hexdigest()
        if found != self.sha256:
            raise BuildError(
                f"{self._shown}: its SHA-256 is {found[:12]}..., but dist/functions.json says"
                f" {self.sha256[:12]}...; run `invoke build`"
            )
        return content

    @property
    def _shown(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}"


def read_document(project: Project) -> dict[str, Any]:
    """dist/functions.json. Raises BuildError when there is none, or one of another format."""
    path = project.dist / "functions.json"
    try:
        document: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise BuildError("dist/functions.json: missing; run `invoke build`") from error
    except ValueError as error:
        raise BuildError(f"dist/functions.json: {error}; run `invoke build`") from error
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        raise BuildError(f"dist/functions.json: the format is not {_FORMAT}; run `invoke build`")
    return document


def packages_of(document: Mapping[str, Any], project: Project) -> list[Package]:
    """The packages that dist/functions.json lists, by name."""
    return [
        Package(name, project.root / one["zip"]["path"], one["zip"]["sha256"], one["zip"]["bytes"])
        for name, one in sorted(document["functions"].items())
    ]
