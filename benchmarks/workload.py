"""A project of a given size to build: N small functions that share a lib/ of 15 modules.

Every function requires pymysql, aws-lambda-powertools and pydantic; every third one cryptography too.
"""

import shutil
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
BASE = ("aws-lambda-powertools", "pydantic", "pymysql")
MODULES = 15

_HANDLER = '''"""{name}: answers with a greeting."""

from typing import Any

import pymysql
from aws_lambda_powertools import Logger
from pydantic import BaseModel
{extra}
from lib import module_00, module_07, module_14

logger = Logger()


class Greeting(BaseModel):
    name: str
    number: int = {number}


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    greeting = Greeting(name=event.get("name", "{name}"))
    logger.info("greeting", extra={{"number": greeting.number}})
    return {{"text": module_00.describe(greeting.name), "paramstyle": pymysql.paramstyle, "sum": module_07.total(3)}}
'''

_MODULE = '''"""Module {number} of the shared code."""

from dataclasses import dataclass


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

_BODY = '''

def step_{step}(values: list[int], *, limit: int = {step}) -> dict[str, int]:
    """Step {step}: keep what is over the limit, and count it."""
    kept = [value for value in values if value > limit]
    if not kept:
        raise ValueError(f"nothing is over {{limit}}")
    return {{"kept": len(kept), "largest": max(kept), "step": {step}}}
'''


def make(root: Path, count: int, architecture: str = "x86_64") -> None:
    """Write the project to `root`, with this checkout's toolchain in it, and lock it."""
    for name in ("toolchain", "tasks.py", "pyproject.toml", ".python-version"):
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            root.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, root / name)
    shutil.copy(REPOSITORY / "requirements-dev.txt", root)
    _write(root / "lib" / "__init__.py", "")
    for number in range(MODULES):
        steps = "".join(_BODY.format(step=step) for step in range(8))
        _write(root / "lib" / f"module_{number:02}.py", _MODULE.format(number=number) + steps)
    for number in range(count):
        _write_function(root, number, architecture)
    invoke(root, "lock")


def function_names(count: int) -> list[str]:
    return [f"function_{number:02}" for number in range(count)]


def requirements(number: int) -> tuple[str, ...]:
    return (*BASE, "cryptography") if number % 3 == 2 else BASE


def invoke(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this checkout's invoke on the project in `root`."""
    command = [str(REPOSITORY / ".venv" / "bin" / "invoke"), "--search-root", str(root), *arguments]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)


def _write_function(root: Path, number: int, architecture: str) -> None:
    name = f"function_{number:02}"
    extra = "from cryptography.fernet import Fernet  # noqa: F401\n" if number % 3 == 2 else ""
    folder = root / "functions" / name
    _write(folder / "handler.py", _HANDLER.format(name=name, number=number, extra=extra))
    _write(folder / "requirements.in", "".join(f"{one}\n" for one in requirements(number)))
    _write(folder / "function.yaml", f"description: Greets with {number}\narchitecture: {architecture}\n")
    _write(root / "events" / f"{name}.json", '{"name": "Ada"}\n')


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
