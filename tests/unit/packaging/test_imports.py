"""Which modules a module may import: read from bytecode, and the same as its source says."""

import pytest

from toolchain.packaging.imports import (
    absolute_name,
    imported_names,
    is_package,
    links,
    module_name,
    reachable,
)


def _names(source: str, module: str = "lib.users", *, is_package: bool = False) -> set[str]:
    code = compile(source, "<test>", "exec", dont_inherit=True)
    return set(imported_names(code, module, is_package=is_package))


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import a", {"a"}),
        ("import a.b.c", {"a.b.c"}),
        ("import a.b as c, d", {"a.b", "d"}),
        ("from a import b, c", {"a", "a.b", "a.c"}),
        ("from a.b import *", {"a.b", "a.b.*"}),
        ("from . import a", {"lib", "lib.a"}),
        ("from .a import b", {"lib.a", "lib.a.b"}),
        ("from .. import a", set()),
        ("def f():\n  class C:\n    import a\n  return lambda: __import__('b')", {"a"}),
        ("try:\n  import a\nexcept ImportError:\n  import b", {"a", "b"}),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  import a",
            {"typing", "typing.TYPE_CHECKING", "a"},
        ),
        ("if False:\n  import a", set()),
        ("while x:\n  import a\nfor y in x:\n  import b\nwith x:\n  import c", {"a", "b", "c"}),
        ("from a import (\n  b,\n  c,\n)", {"a", "a.b", "a.c"}),
        ("x = 1", set()),
    ],
)
def test_imported_names(source: str, names: set[str]) -> None:
    assert _names(source) == names


def test_relative_imports_of_a_package_start_in_it() -> None:
    assert _names("from . import a\nfrom .. import b\nfrom ..x import y", "lib.http", is_package=True) == {
        "lib.http",
        "lib.http.a",
        "lib",
        "lib.b",
        "lib.x",
        "lib.x.y",
    }


def test_more_names_and_constants_than_an_instruction_can_count() -> None:
    """Above 255, the operands of instructions need prefixes; above 65,535, two of them."""
    many = "\n".join(f"v{number} = {number}.5" for number in range(70_000))
    assert _names(f"{many}\nfrom .far import away\nimport last") == {"lib.far", "lib.far.away", "last"}


@pytest.mark.parametrize(
    ("base", "level", "package", "name"),
    [
        ("a.b", 0, "lib", "a.b"),
        ("", 1, "lib.http", "lib.http"),
        ("a", 1, "lib.http", "lib.http.a"),
        ("a", 2, "lib.http", "lib.a"),
        ("", 2, "lib.http", "lib"),
        ("a", 3, "lib.http", ""),
        ("a", 1, "", ""),
    ],
)
def test_absolute_name(base: str, level: int, package: str, name: str) -> None:
    assert absolute_name(base, level, package) == name


@pytest.mark.parametrize(
    ("file", "module", "package"),
    [
        ("lib/users.py", "lib.users", False),
        ("lib/__init__.py", "lib", True),
        ("lib/http/__init__.py", "lib.http", True),
        ("lib/my__init__.py", "lib.my__init__", False),
        ("six.py", "six", False),
    ],
)
def test_modules_and_packages(file: str, module: str, *, package: bool) -> None:
    assert (module_name(file), is_package(file)) == (module, package)


def test_reachable_modules() -> None:
    imports = {
        "handler": ["a.b", "unknown.c"],
        "a": ["d"],
        "a.b": ["a.b.C", "e"],
        "a.c": ["f"],
        "d": ["handler"],
        "e": [],
        "f": [],
    }
    reached = reachable(["handler"], imports)
    assert reached & imports.keys() == {"handler", "a", "a.b", "d", "e"}
    assert reached - imports.keys() == {"a.b.C", "unknown", "unknown.c"}
    assert reachable(["handler"], links(imports, imports)) == {"handler", "a", "a.b", "d", "e"}


def test_links_are_modules() -> None:
    """What is imported from a module stands for it; what is elsewhere is left out."""
    imports = {"handler": ["a.b.C", "a.x", "json", "json.loads"], "a": [], "a.b": []}
    assert links(imports, {*imports, "json"}) == {"handler": {"a.b", "a", "json"}, "a": set(), "a.b": set()}
    assert links(imports, imports) == {"handler": {"a.b", "a"}, "a": set(), "a.b": set()}


def test_nothing_is_reachable_from_nothing() -> None:
    assert reachable([], {"a": ["b"]}) == set()
    assert reachable(["elsewhere"], {"a": ["b"]}) == {"elsewhere"}
