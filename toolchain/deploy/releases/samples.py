"""The sample events of functions: what right requests look like."""

import json
from collections.abc import Iterable
from typing import Any

from toolchain.project import Project


def read_samples(project: Project, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """events/<name>.json of each function that has one. One that can't be read is as none: tests find it."""
    found = {}
    for name in names:
        path = project.events / f"{name}.json"
        try:
            event = json.loads(path.read_bytes())
        except (OSError, ValueError):
            continue
        if isinstance(event, dict):
            found[name] = event
    return found
