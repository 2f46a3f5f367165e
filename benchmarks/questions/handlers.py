"""How long each handler of this repository takes to import, and what it imports of the AWS SDK.

boto3 takes longer to import than everything else together; who needs it imports it when it is needed.
Powertools imports the top of botocore, when there is one; so there is one here, as on Lambda.
"""

import os
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from benchmarks import packages
from benchmarks.peers.invoke import invoke
from benchmarks.processes import Command
from benchmarks.questions.starting import BARE, LEAST_ROUNDS
from benchmarks.rounds import Contestant, Samples, interleave
from benchmarks.session import Session
from benchmarks.surroundings import REPOSITORY, architecture
from benchmarks.workload import copy
from toolchain.local.run.environment import Variables, function_environment
from toolchain.manifest import Function, read_functions
from toolchain.packaging.completeness import PROVIDED_BY_LAMBDA
from toolchain.project import Project

LIMIT_SECONDS = 0.15
_COPIED = ("functions", "lib", "events", "migrations", "toolchain", "tasks.py", "pyproject.toml")
_SDK_SCRIPT = Path(__file__).with_name("sdk_imports_script.py")
_RUNTIME_FILES = (*PROVIDED_BY_LAMBDA, "six.py")
_DATABASE = {
    "DATABASE_HOST": "database.invalid",
    "DATABASE_PORT": "3306",
    "DATABASE_NAME": "app",
    "DATABASE_USER": "app",
    "DATABASE_AUTH": "iam",
    "DATABASE_TLS_CA": os.devnull,
}
"""Nobody connects: handlers are imported, not called."""


def ask(session: Session) -> None:
    """Build a copy of this repository for this machine's processor, and import from the packages."""
    root = session.surroundings.work / "repository"
    for name in (*_COPIED, ".python-version", "requirements-dev.txt"):
        copy(REPOSITORY / name, root / name)
    session.run([invoke(session.surroundings, root, "build", "--architecture", architecture())])
    runtime = _link_runtime(session.surroundings.work / "runtime")
    imports: dict[str, Command] = {}
    sdk_modules: dict[str, str] = {}
    for name, function in read_functions(Project(root)).items():
        directory = packages.unzip(root / "dist" / f"{name}.zip", root / "unzipped" / name)
        packages.make_read_only(directory)
        imports[name] = _command(session, function, packages.IMPORT, (directory, runtime))
        sdk = _command(session, function, ("-ISB", str(_SDK_SCRIPT)), (directory, runtime))
        session.spawner.run([sdk])
        sdk_modules[name] = " ".join(session.spawner.output().split())
    _report(session, _measure(session, imports), sdk_modules)


def _link_runtime(directory: Path) -> Path:
    """What Lambda's runtime brings along, from .venv, in a directory of its own: /var/runtime."""
    directory.mkdir()
    for name in _RUNTIME_FILES:
        installed = Path(sysconfig.get_path("purelib")) / name
        if installed.exists():
            (directory / name).symlink_to(installed)
    return directory


def _command(
    session: Session, function: Function, options: Sequence[str], directories: Sequence[Path]
) -> Command:
    """A Python, with the function's environment, that imports its handler from the directories."""
    task_root = directories[0]
    module = function.handler.rpartition(".")[0]
    variables = Variables(session.surroundings.environment, _DATABASE)
    environment = function_environment(function, variables, task_root=task_root, log_stream="benchmark")
    command = session.surroundings.command("python", *options, module, *directories, cwd=task_root)
    return Command(command.arguments, command.cwd, environment)


def _measure(session: Session, imports: dict[str, Command]) -> list[Samples]:
    first = next(iter(imports.values()))
    without_a_module = first.arguments[: len(packages.IMPORT) + 1]
    bare = Command((*without_a_module, "sys"), first.cwd, first.environment)
    contestants = [_contestant(name, command) for name, command in {BARE: bare, **imports}.items()]
    return interleave(session.spawner, contestants, max(session.options.rounds, LEAST_ROUNDS))


def _contestant(name: str, command: Command) -> Contestant:
    return Contestant(name, lambda: [command])


def _report(session: Session, measured: list[Samples], sdk_modules: dict[str, str]) -> None:
    bare, *handlers = measured
    rows = []
    for samples in measured:
        over = samples.median - bare.median
        seconds = (samples.median, min(samples.seconds), max(samples.seconds), over)
        numbers = (f"{value * 1000:.0f}" for value in seconds)
        rows.append((samples.name, str(len(samples.runs)), *numbers, sdk_modules.get(samples.name, "")))
        session.report.keep("handlers", samples)
    title = "Handlers of this repository: import from the package; ms"
    session.report.table(title, ("", "n", "median", "min", "max", "over bare", "of the AWS SDK"), rows)
    slowest = max(samples.median for samples in handlers) - bare.median
    session.report.at_most("handlers: slowest import over bare python", slowest, LIMIT_SECONDS, " s")
    with_boto3 = [name for name, modules in sdk_modules.items() if "boto3" in modules.split()]
    session.report.at_most("handlers: that import boto3", len(with_boto3), 0)
