"""Makes a new function: its folder, its sample event and its test."""

import json
from collections.abc import Callable

from toolchain.errors import ManifestError, ToolchainError
from toolchain.events import function_event
from toolchain.manifest import Function, parse_function, read_function
from toolchain.manifest.checks import cross_problems
from toolchain.manifest.functions import function_names
from toolchain.project import Project
from toolchain.scaffold.declaring import Wanted, manifest_text
from toolchain.scaffold.files import check_absent, created
from toolchain.scaffold.handlers import handler_text, requirements_text
from toolchain.scaffold.unit_tests import test_path, test_text

type Lock = Callable[[Project, list[str]], object]


def new_function(project: Project, wanted: Wanted, lock: Lock) -> list[str]:
    """Write a function that runs and is tested; returns the files, relative to the repository.

    `lock` pins its requirements. Raises ToolchainError when a file exists already, the declaration breaks
    a rule, or the requirements can't be locked; then nothing has changed.
    """
    name, manifest = wanted.name, manifest_text(wanted)
    function = _parsed(name, manifest)
    texts = {
        f"functions/{name}/function.yaml": manifest,
        f"functions/{name}/handler.py": handler_text(function),
        f"functions/{name}/requirements.in": requirements_text(function),
        f"events/{name}.json": json.dumps(function_event(function), indent=2, ensure_ascii=False) + "\n",
        test_path(function): test_text(function),
    }
    check_absent(project.root, texts)
    _check_with_others(project, function)
    with created(project.root, texts):
        lock(project, [name])
    return [*texts, f"functions/{name}/requirements.txt"]


def _parsed(name: str, manifest: str) -> Function:
    try:
        return parse_function(name, manifest)
    except ManifestError as error:
        raise ManifestError(
            f"functions/{name}/function.yaml: {problem}" for problem in error.problems
        ) from error


def _check_with_others(project: Project, function: Function) -> None:
    """Raise ManifestError when another function has the same route or the like."""
    others = _readable(project)
    if problems := {*cross_problems([*others, function])} - {*cross_problems(others)}:
        raise ManifestError(problems)


def _readable(project: Project) -> list[Function]:
    """The other functions, without those whose own mistakes would get in the way of a new one."""
    functions = []
    for name in function_names(project):
        try:
            functions.append(read_function(project, name))
        except ToolchainError:
            continue
    return functions
