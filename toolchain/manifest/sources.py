"""What belongs to a function besides function.yaml: handler.py with a handler, and a sample event."""

import ast
from collections.abc import Iterator
from pathlib import Path

from toolchain.manifest.model import Function
from toolchain.project import Project


def source_problems(project: Project, function: Function) -> Iterator[str]:
    """What is missing on disk. Reads handler.py, and never imports it."""
    yield from _handler_problems(project, project.functions / function.name / "handler.py")
    if not has_sample_event(project, function.name):
        yield f"events/{function.name}.json: missing; `invoke events {function.name}` prints one"


def has_sample_event(project: Project, name: str) -> bool:
    """Whether there is events/<name>.json, or any events/<name>/<case>.json."""
    if (project.events / f"{name}.json").is_file():
        return True
    return any((project.events / name).glob("*.json"))


def _handler_problems(project: Project, path: Path) -> Iterator[str]:
    shown = project.relative(path)
    try:
        tree = ast.parse(path.read_bytes())
    except FileNotFoundError:
        yield f"{shown}: missing; it has the function `handler(event, context)`"
    except SyntaxError as error:
        yield f"{shown}:{error.lineno or 1}: {error.msg}"
    except OSError as error:
        yield f"{shown}: can't be read: {error.strerror}"
    else:
        yield from (f"{shown}: {problem}" for problem in handler_problems(tree))


def handler_problems(tree: ast.Module) -> Iterator[str]:
    """Whether a module binds `handler` when it is imported, to something Lambda can call."""
    binding = next(
        (statement for statement in _statements(tree.body) if "handler" in _bound(statement)), None
    )
    if binding is None:
        yield "has no `handler`; define handler(event, context)"
    elif isinstance(binding, ast.AsyncFunctionDef):
        yield "`handler` is async, which Lambda does not await; define it with def"


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements an import runs: those of the module, and of its if, try and with blocks."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With):
            for block in ("body", "orelse", "finalbody"):
                yield from _statements(getattr(statement, block, []))
            for handler in getattr(statement, "handlers", []):
                yield from _statements(handler.body)


def _bound(statement: ast.stmt) -> set[str]:
    """The names a statement gives a value."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {statement.name}
        case ast.Import() | ast.ImportFrom():
            return {alias.asname or alias.name for alias in statement.names}
        case ast.Assign():
            return {name for target in statement.targets for name in _names(target)}
        case ast.AnnAssign(value=ast.expr()):
            return set(_names(statement.target))
        case _:
            return set()


def _names(target: ast.expr) -> Iterator[str]:
    return (node.id for node in ast.walk(target) if isinstance(node, ast.Name))
