"""serverless-offline, with the Serverless Framework's open fork osls."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import Command
from benchmarks.serving.running import free_port
from benchmarks.serving.site import OPEN, Site, write_handlers
from benchmarks.surroundings import Surroundings

PACKAGES = {"osls": "4.3.1", "serverless-offline": "14.8.2"}


@dataclass(frozen=True, slots=True)
class ServerlessOffline:
    """`tool` is the directory whose node_modules has it; `python` an environment with pymysql.

    It runs handlers in processes that it keeps, and that never see an edit; with --reloadHandler it starts
    a new one for every request.
    """

    surroundings: Surroundings
    site: Site
    tool: Path
    python: Path

    @property
    def name(self) -> str:
        return "serverless-offline"

    @property
    def version(self) -> str:
        return ", ".join(f"{name} {version}" for name, version in PACKAGES.items())

    @property
    def handler(self) -> Path:
        return self._root / "functions" / "plain" / "handler.py"

    def prepare(self) -> None:
        write_handlers(self._root)
        modules = self._root / "node_modules"
        modules.unlink(missing_ok=True)
        modules.symlink_to(self.tool / "node_modules")
        (self._root / "serverless.json").write_text(json.dumps(_service()))

    def command(self, port: int, database: Mapping[str, str], *, reload: bool) -> Command:
        """Handlers are run by the `python3` that PATH has."""
        command = self.surroundings.command
        program = self.tool / "node_modules" / ".bin" / "osls"
        ports = ("--httpPort", str(port), "--lambdaPort", str(free_port()))
        watch = ("--reloadHandler",) if reload else ()
        path = os.pathsep.join((str(self.python / "bin"), self.surroundings.environment["PATH"]))
        return command(program, "offline", "start", *ports, *watch, cwd=self._root, PATH=path, **database)

    def sign_in(self) -> tuple[str, dict[str, str]]:
        return "plain", {}

    @property
    def _root(self) -> Path:
        return self.site.directory("serverless")


def _service() -> dict[str, object]:
    functions = {
        name: {
            "handler": f"functions/{name}/handler.handler",
            "events": [{"httpApi": {"method": "GET", "path": f"/{name}"}}],
        }
        for name in OPEN
    }
    return {
        "service": "site",
        "provider": {"name": "aws", "runtime": "python3.13", "region": "eu-west-1"},
        "plugins": ["serverless-offline"],
        "functions": functions,
    }
