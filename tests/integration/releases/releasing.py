"""A release as a process of its own, for tests that end it: prints what happens, and how it ended."""

import json
import sys
from pathlib import Path

from tests.integration.releases.stage import TARGET, open_services
from toolchain.deploy.releases.packages import read_document
from toolchain.deploy.releases.release import Intent, release
from toolchain.deploy.releases.samples import read_samples
from toolchain.deploy.releases.surroundings import surroundings
from toolchain.deploy.releases.target import Applied
from toolchain.errors import ToolchainError
from toolchain.project import Project


def main(endpoint_url: str, root: str, api_url: str, versions: str) -> int:
    """0 when the stage is released; 1 with the reason when it is not."""
    project = Project(Path(root))
    functions = read_document(project)["functions"]
    applied = Applied(api_url, json.loads(versions))
    samples = read_samples(project, functions)
    _say(f"releasing {TARGET.stage}")
    try:
        done = release(
            open_services(endpoint_url),
            Intent(applied, functions, samples, None, is_dirty=False),
            surroundings(_say),
        )
    except ToolchainError as error:
        _say(str(error))
        return 1
    _say("released" if done else "live already")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
