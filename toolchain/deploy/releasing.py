"""Hands what Terraform has published to the release, with what it needs to know of this checkout."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toolchain.deploy.opened import OpenStage
from toolchain.deploy.releases.aws import Cloud
from toolchain.deploy.releases.release import Intent
from toolchain.deploy.releases.release import release as release_versions
from toolchain.deploy.releases.surroundings import read_commit, surroundings
from toolchain.deploy.releases.target import parse_outputs
from toolchain.errors import EventError


def release(
    stage: OpenStage, document: Mapping[str, Any], outputs: Mapping[str, Any], function: str | None
) -> None:
    """Migrate, move the aliases, test; back if that fails. `document` is that of dist/functions.json."""
    commit, is_dirty = read_commit(stage.project.root)
    intent = Intent(
        applied=parse_outputs(outputs),
        functions=document["functions"],
        samples=_samples(stage.project.events, document["functions"]),
        commit=commit,
        is_dirty=is_dirty,
        only=function,
    )
    done = release_versions(Cloud(stage.target, stage.access), intent, surroundings(stage.say))
    if done is None:
        stage.say(f"stage {stage.stage.name} is as it should be: {intent.applied.api_url}")


def _samples(events: Path, functions: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The sample events of the functions that have one."""
    samples = {}
    for name in functions:
        path = events / f"{name}.json"
        if path.exists():
            try:
                samples[name] = json.loads(path.read_bytes())
            except ValueError as error:
                raise EventError(f"events/{name}.json is no JSON: {error}") from error
    return samples
