"""Several wheels in one package: what they may have in common, and what not."""

import pytest

from toolchain.packaging.parts import Prepared
from toolchain.packaging.releases import Wheel
from toolchain.packaging.segment import compressed, pack
from toolchain.packaging.shared import Shared, share

DIFFER = (
    "a.whl and b.whl both contain x.py, and they differ; "
    "a package holds one file of a name, so require one of the two only"
)
NOTHING = Prepared(pack([]), {}, {})


def _share(*contents: dict[str, str]) -> tuple[Shared, list[str]]:
    """Wheels a, b, ... with these files; what is shared, and the problems."""
    prepared = {}
    for number, files in enumerate(contents):
        name = chr(ord("a") + number)
        members = [compressed(path, content.encode()) for path, content in sorted(files.items())]
        prepared[Wheel(name, "1.0", f"{name}.whl", "0")] = Prepared(pack(members), {}, {})
    problems: list[str] = []
    return share(list(prepared), prepared, NOTHING, problems), problems


def test_parts_in_order_and_lib_last() -> None:
    shared, problems = _share({"x.py": "1"}, {"y.py": "2"})
    assert [part.label for part in shared.parts] == ["a 1.0", "b 1.0", "lib"]
    assert shared.names == {"x.py": "a.whl", "y.py": "b.whl"}
    assert problems == []


def test_identical_files_are_kept_once() -> None:
    shared, problems = _share({"tests/__init__.py": "", "x.py": "1"}, {"tests/__init__.py": "", "y.py": "2"})
    contents = [name for part in shared.parts for name, _ in part.segment.contents()]
    assert contents == ["tests/__init__.py", "x.py", "y.py"]
    assert problems == []


@pytest.mark.parametrize(
    ("one", "other", "problem"),
    [
        (
            {"x.py": "1"},
            {"x.py": "2"},
            DIFFER,
        ),
        (
            {"x": "1"},
            {"x/y.py": "2"},
            "a.whl has a file x, which is a directory in b.whl",
        ),
        (
            {"x/y/z.py": "1"},
            {"x": "2"},
            "b.whl has a file x, which is a directory in a.whl",
        ),
        ({"lib/users.py": "1"}, {}, "a.whl contains lib/users.py, a path that belongs to this repository"),
        (
            {},
            {"functions/x/handler.py": "1"},
            "b.whl contains functions/x/handler.py, a path that belongs to this repository",
        ),
        ({"lib": "1"}, {}, "a.whl contains lib, a path that belongs to this repository"),
    ],
)
def test_files_that_can_not_be_together(one: dict[str, str], other: dict[str, str], problem: str) -> None:
    _, problems = _share(one, other)
    assert problems == [problem]


@pytest.mark.parametrize("name", ["lib.py", "library/x.py", "functions_framework/x.py", "x/lib/y.py"])
def test_names_that_only_look_like_the_repositorys(name: str) -> None:
    assert _share({name: "1"})[1] == []


def test_bytecode_of_the_modules_that_are_asked_for() -> None:
    """Sorted by name, whatever was compiled first; what does not compile is left out."""
    wheel = Wheel("a", "1.0", "a.whl", "0")
    files = pack(compressed(f"a/{name}.py", b"") for name in ("__init__", "b", "c", "template"))
    bytecode = {
        module: compressed(f"a/__pycache__/{name}.cpython-313.pyc", name.encode())
        for module, name in (("a.c", "c"), ("a.b", "b"), ("a", "__init__"))
    }
    prepared = {wheel: Prepared(files, bytecode, {"a": [], "a.b": [], "a.c": [], "a.template": []})}
    shared = share([wheel], prepared, NOTHING, [])
    assert shared.modules == dict.fromkeys(("a", "a.b", "a.c", "a.template"), wheel)
    chosen = shared.bytecode_of({"a", "a.c", "a.template", "unknown"}, prepared)
    assert [member.name for member in chosen.members()] == [
        "a/__pycache__/__init__.cpython-313.pyc",
        "a/__pycache__/c.cpython-313.pyc",
    ]
    again = shared.bytecode_of({"a", "a.c", "a.template", "another"}, prepared)
    assert again is chosen, "packages share it"


def test_a_module_of_two_wheels_is_the_first_ones() -> None:
    shared, _ = _share({"x/__init__.py": ""}, {"x/__init__.py": "", "x/y.py": ""})
    assert {module: wheel.name for module, wheel in shared.modules.items()} == {"x": "a", "x.y": "b"}
