"""Where comparisons are made: caches that are kept, a directory that is not, and a clean environment."""

import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import Command

REPOSITORY = Path(__file__).resolve().parent.parent
ARCHITECTURES = {"x86_64": "x86_64", "aarch64": "arm64"}
"""Lambda's names for the processors whose packages can be imported on this machine."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`cache` holds downloads and installed peers; `work` is on the same file system, for hard links."""

    cache: Path
    work: Path
    environment: Mapping[str, str]

    @property
    def tools(self) -> Path:
        """Where peers are installed, each in a directory that names its version."""
        return self.cache / "tools"

    def command(self, *arguments: str | Path, cwd: Path, **variables: str) -> Command:
        """A command in the clean environment; a bare program name is one of this checkout's .venv."""
        program = str(arguments[0])
        path = program if "/" in program else str(Path(sys.executable).with_name(program))
        rest = (str(argument) for argument in arguments[1:])
        return Command((path, *rest), str(cwd), {**self.environment, **variables})


def architecture() -> str:
    """Lambda's name for this machine's processor. Raises KeyError where Lambda has no such thing."""
    return ARCHITECTURES[platform.machine()]


def clean_environment(shell: Mapping[str, str], cache: Path) -> dict[str, str]:
    """The shell's environment, less what changes how Python runs, with all caches below `cache`.

    uv stays offline: what is compared is packaging, and a registry's answers would be most of what a
    build that asks for them is measured at.
    """
    kept = {name: value for name, value in shell.items() if not name.startswith(("PYTHON", "INVOKE_"))}
    kept.pop("VIRTUAL_ENV", None)
    # The interpreter that .venv was made from comes first: peers look for one that has pip, or is no .venv.
    programs = (str(Path(sys.base_prefix, "bin")), str(Path(sys.executable).parent))
    return {
        **kept,
        "PATH": os.pathsep.join((*programs, shell.get("PATH", os.defpath))),
        "XDG_CACHE_HOME": str(cache),
        "UV_CACHE_DIR": str(cache / "uv"),
        "UV_OFFLINE": "1",
        "UV_PYTHON_DOWNLOADS": "never",
    }


def online(command: Command) -> Command:
    """The same command, allowed to ask the package registries."""
    kept = {name: value for name, value in command.environment.items() if name != "UV_OFFLINE"}
    return Command(command.arguments, command.cwd, kept)
