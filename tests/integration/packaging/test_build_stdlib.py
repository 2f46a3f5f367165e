"""Compiling and reading the standard library: thousands of functions that nobody wrote for these tests."""

import ast
import json
import marshal
import os
import subprocess
import sys
import sysconfig
import types
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from toolchain.packaging.bytecode import compile_module
from toolchain.packaging.imports import absolute_name, imported_names, is_package, module_name, package_of
from toolchain.project import Project

STDLIB = Path(sysconfig.get_path("stdlib"))
HEADER_BYTES = 16
LEFT_OUT = {"site-packages", "test", "tests", "idlelib", "lib2to3", "turtledemo", "tkinter", "ensurepip"}


@pytest.fixture(scope="module")
def modules() -> list[Path]:
    """Two hundred files and more, of all kinds."""
    files = [path for path in sorted(STDLIB.rglob("*.py")) if LEFT_OUT.isdisjoint(path.parts)]
    return files[:: max(1, len(files) // 200)]


def test_bytecode_does_not_depend_on_what_the_process_did(modules: list[Path], checkout: Project) -> None:
    """Other orders, other hash seeds, other imports, other objects that are alive."""
    script = checkout.root / "tests" / "integration" / "packaging" / "compile_modules.py"
    processes = [
        subprocess.Popen(
            [sys.executable, script, str(seed), *map(str, modules)],
            cwd=checkout.root,
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(checkout.root)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in (0, 3, 9)
    ]
    hashes = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert set(json.loads(hashes[0])) == {str(path) for path in modules}
    assert hashes == [hashes[0]] * 3


def test_code_is_what_python_compiles(modules: list[Path]) -> None:
    """With columns it is equal; without, it is equal but for the columns."""
    for path in modules:
        source = path.read_bytes()
        original = _compile(source, f"/var/task/{path.name}")
        with_columns, without = (
            marshal.loads(compile_module(source, path.name, with_columns=columns).pyc[HEADER_BYTES:])  # noqa: S302
            for columns in (True, False)
        )
        assert with_columns == original, path
        for before, after in zip(_nested(original), _nested(without), strict=True):
            assert after.co_code == before.co_code, path
            assert _lines(after) == _lines(before), path


def test_imports_are_those_of_the_source(modules: list[Path]) -> None:
    for path in modules:
        source, name = path.read_bytes(), path.relative_to(STDLIB).as_posix()
        module, package = module_name(name), is_package(name)
        found = imported_names(_compile(source, name), module, is_package=package)
        assert found == frozenset(_imports(ast.parse(source), package_of(module, is_package=package))), path


def _compile(source: bytes, name: str) -> types.CodeType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(source, name, "exec", dont_inherit=True)


def _nested(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _nested(constant)


def _lines(code: types.CodeType) -> list[int | None]:
    """The line of every code unit."""
    return [line for start, end, line in code.co_lines() for _ in range(start, end, 2)]


def _imports(tree: ast.Module, package: str) -> Iterator[str]:
    for node in _compiled(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = absolute_name(node.module or "", node.level, package)
            if start:
                yield start
                yield from (f"{start}.{alias.name}" for alias in node.names)


def _compiled(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those the compiler leaves out: what follows `if False:` or `if 0:`."""
    yield node
    left_out: list[ast.stmt] = []
    if isinstance(node, ast.If) and isinstance(node.test, ast.Constant):
        left_out = node.orelse if node.test.value else node.body
    for child in ast.iter_child_nodes(node):
        if child not in left_out:
            yield from _compiled(child)
