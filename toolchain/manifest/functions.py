"""Reads functions/*/function.yaml: everything that is wrong with any of them, or all functions."""

from pathlib import Path

from pydantic import ValidationError

from toolchain.errors import ManifestError
from toolchain.manifest.checks import cross_problems
from toolchain.manifest.messages import sentences
from toolchain.manifest.model import Function
from toolchain.manifest.names import did_you_mean, name_problems
from toolchain.manifest.reading import parse_document
from toolchain.manifest.schema import manifest_schema
from toolchain.manifest.sources import source_problems
from toolchain.project import Project

MANIFEST = "function.yaml"


def read_functions(project: Project) -> dict[str, Function]:
    """All functions by name, sorted.

    Raises ManifestError with every problem of every file, of what belongs to it (handler.py, the sample
    event), and of the functions together.
    """
    functions: dict[str, Function] = {}
    problems: list[str] = []
    for name in function_names(project):
        try:
            functions[name] = parse_function(name, _read(project, name))
        except ManifestError as error:
            problems += [f"functions/{name}/{MANIFEST}: {problem}" for problem in error.problems]
    for function in functions.values():
        problems += source_problems(project, function)
    problems += cross_problems(functions.values())
    if problems:
        raise ManifestError(problems)
    return functions


def read_function(project: Project, name: str) -> Function:
    """One function; only its own function.yaml is read and checked."""
    ensure_function(project, name)
    try:
        return parse_function(name, _read(project, name))
    except ManifestError as error:
        raise ManifestError(
            f"functions/{name}/{MANIFEST}: {problem}" for problem in error.problems
        ) from error


def ensure_function(project: Project, name: str) -> None:
    """Raises ManifestError when there is no function of that name."""
    names = function_names(project)
    if name not in names:
        instead = did_you_mean(name, names) or "`invoke new-function` makes one"
        raise ManifestError(f"functions/{name}: there is no such function; {instead}")


def function_names(project: Project) -> list[str]:
    """The folders of functions/, sorted.

    Not those of tools (`__pycache__`, `.idea`), nor one where switching branches left nothing but bytecode.
    """
    if not project.functions.is_dir():
        return []
    folders = (folder for folder in project.functions.iterdir() if folder.is_dir())
    return sorted(folder.name for folder in folders if folder.name[0] not in "._" and _has_source(folder))


def parse_function(name: str, text: str) -> Function:
    """The function `name`, from the text of its function.yaml; a ManifestError lists what is wrong."""
    problems = list(name_problems(name))
    document = parse_document(text)
    if "name" in document:
        problems.append("unknown key 'name'; the folder is the name")
    try:
        function = Function.model_validate({**document, "name": name})
    except ValidationError as error:
        raise ManifestError([*problems, *sentences(error, manifest_schema())]) from error
    if problems:
        raise ManifestError(problems)
    return function


def _read(project: Project, name: str) -> str:
    try:
        return (project.functions / name / MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ManifestError("missing; every folder of functions/ has one") from error
    except UnicodeDecodeError as error:
        raise ManifestError("is not UTF-8") from error
    except OSError as error:
        raise ManifestError(f"can't be read: {error.strerror}") from error


def _has_source(folder: Path) -> bool:
    return any(entry.name != "__pycache__" for entry in folder.iterdir())
