"""The sample events that AWS publishes with its SAM CLI (`sam local generate-event`), Apache 2.0.

They come from the Python Package Index when a test needs them, and are not part of this repository.
https://github.com/aws/aws-sam-cli/tree/develop/samcli/lib/generated_sample_events
"""

import base64
import functools
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

_REQUIREMENT = """\
aws-sam-cli==1.170.0 --hash=sha256:24ebaf5ecba38dc1758089968cb89ab61e124b84e92a344fc7a2771a47f4d0bf
"""
_PATIENCE_SECONDS = 60
_ENCODERS: Mapping[str | None, Callable[[str], str]] = {
    None: str,
    "url": quote,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
}


def published_event(service: str, name: str) -> dict[str, Any]:
    """An event as `sam local generate-event SERVICE NAME` prints it. Skips the test without the package."""
    folder = _samples()
    event = json.loads((folder / "event-mapping.json").read_text())[service][name]
    text = (folder / "events" / service / f"{event['filename']}.json").read_text()
    for tag, properties in event["tags"].items():
        if properties.get("type") == "dict":
            text = text.replace(f'"{{{{{{{tag.replace("-", "_")}}}}}}}"', _object(properties["default"]))
    values = {name: json.dumps(value)[1:-1] for name, value in _values(event["tags"])}
    found: dict[str, Any] = json.loads(re.sub(r"\{\{\{(\w+)\}\}\}", lambda tag: values.get(tag[1], ""), text))
    return found


def _object(default: object) -> str:
    """A default that is an object, or the text of one."""
    return default if isinstance(default, str) else json.dumps(default)


def _values(tags: Mapping[str, Any], parent: str = "") -> list[tuple[str, str]]:
    """What the places in a template are filled with, unless somebody says otherwise."""
    found = []
    for name, tag in tags.items():
        plain = str(tag.get("default", parent))
        value = _ENCODERS[tag.get("encoding")](plain)
        if tag.get("hashing") == "md5":
            value = hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()
        found += [(name.replace("-", "_"), value), *_values(tag.get("children", {}), plain)]
    return found


@functools.cache
def _samples() -> Path:
    directory = Path(tempfile.mkdtemp(prefix="sam-cli-"))
    (directory / "requirements.txt").write_text(_REQUIREMENT)
    command = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "--no-deps",
        "--only-binary=:all:",
        "--require-hashes",
    ]
    done = subprocess.run(
        [*command, "--target", str(directory / "packages"), "--requirement", "requirements.txt"],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"needs the package aws-sam-cli, which can't be had: {done.stderr}")
    return directory / "packages" / "samcli" / "lib" / "generated_sample_events"
