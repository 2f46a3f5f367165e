"""A project of a given size to build: N small functions that share a lib/ of 15 modules.

Every function requires pymysql, aws-lambda-powertools and pydantic; every third one cryptography too.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from benchmarks.surroundings import REPOSITORY

BASE = ("aws-lambda-powertools", "pydantic", "pymysql")
MODULES = 15
_TOOLCHAIN = ("toolchain", "tasks.py", ".python-version", "requirements-dev.txt")

_PROJECT = """\
[project]
name = "workload"
version = "0"
requires-python = "==3.13.*"

[dependency-groups]
dev = []
"""

_HANDLER = '''\
"""{name}: answers with a greeting."""

from typing import Any

import pymysql
from aws_lambda_powertools import Logger
{extra}from pydantic import BaseModel

from lib import module_00, module_07, module_14

REVISION = 0

logger = Logger()


class Greeting(BaseModel):
    name: str
    number: int = {number}


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    greeting = Greeting(name=event.get("name", "{name}"))
    logger.info("greeting", extra={{"number": greeting.number}})
    text = module_00.describe(greeting.name)
    total = module_07.total(3) + module_14.LAST
    return {{"text": text, "paramstyle": pymysql.paramstyle, "total": total}}
'''

_MODULE = '''\
"""Module {number} of the shared code."""

from dataclasses import dataclass

REVISION = 0
LAST = {number}


@dataclass(frozen=True)
class Record{number}:
    """A record that module {number} works on."""

    name: str
    amount: int = {number}


def describe(name: str) -> str:
    """A sentence about the record."""
    record = Record{number}(name)
    return f"{{record.name}} has {{record.amount}} from module {number}"


def total(count: int) -> int:
    """The sum of the amounts of some records."""
    return sum(Record{number}(str(index)).amount + index for index in range(count))
'''

_STEP = '''

def step_{step}(values: list[int], *, limit: int = {step}) -> dict[str, int]:
    """Step {step}: keep what is over the limit, and count it."""
    kept = [value for value in values if value > limit]
    if not kept:
        raise ValueError(f"nothing is over {{limit}}")
    return {{"kept": len(kept), "largest": max(kept), "step": {step}}}
'''
_STEPS = 8


@dataclass(frozen=True, slots=True)
class Workload:
    """A project in `root` with `count` functions, for Lambda's `architecture`."""

    root: Path
    count: int
    architecture: str

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"function_{number:02}" for number in range(self.count))

    @property
    def names_by_kind(self) -> dict[str, tuple[str, ...]]:
        """Functions by what they require; a workload of three has both kinds."""
        with_cryptography = self.names[2::3]
        others = tuple(name for name in self.names if name not in with_cryptography)
        return {"3 requirements": others, "and cryptography": with_cryptography}

    @property
    def one_of_each_kind(self) -> dict[str, str]:
        """A function of each kind."""
        return {kind: names[0] for kind, names in self.names_by_kind.items()}

    def handler(self, name: str) -> Path:
        return self.root / "functions" / name / "handler.py"

    def requirements(self, name: str) -> Path:
        return self.root / "functions" / name / "requirements.txt"

    @property
    def library(self) -> Path:
        return self.root / "lib"

    def edit_handler(self, revision: str) -> None:
        """Change the content of one function."""
        _edit(self.handler(self.names[0]), revision)

    def edit_library(self, revision: str) -> None:
        """Change the content of one module of lib/."""
        _edit(self.library / "module_00.py", revision)

    def write(self) -> None:
        """Write the project with this checkout's toolchain in it; it has to be locked then."""
        for name in _TOOLCHAIN:
            copy(REPOSITORY / name, self.root / name)
        _write(self.root / "pyproject.toml", _PROJECT)
        _write(self.library / "__init__.py", "")
        for number in range(MODULES):
            steps = "".join(_STEP.format(step=step) for step in range(_STEPS))
            _write(self.library / f"module_{number:02}.py", _MODULE.format(number=number) + steps)
        for number, name in enumerate(self.names):
            self._write_function(number, name)

    def _write_function(self, number: int, name: str) -> None:
        requirements = (*BASE, "cryptography") if number % 3 == 2 else BASE
        extra = (
            "from cryptography.fernet import Fernet  # noqa: F401\n" if len(requirements) > len(BASE) else ""
        )
        folder = self.root / "functions" / name
        _write(folder / "handler.py", _HANDLER.format(name=name, number=number, extra=extra))
        _write(folder / "requirements.in", "".join(f"{one}\n" for one in requirements))
        manifest = f"description: Greets with {number}\narchitecture: {self.architecture}\n"
        _write(folder / "function.yaml", manifest)
        _write(self.root / "events" / f"{name}.json", '{"name": "Ada"}\n')


def _edit(path: Path, revision: str) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^REVISION = .*$", f"REVISION = {revision!r}", text), encoding="utf-8")


def copy(source: Path, to: Path) -> None:
    """Copy a file or a directory of this checkout, without bytecode."""
    to.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, to, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, to)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
