"""Parts are prepared once, and again when the cache has lost or damaged them."""

import os
import shutil
from pathlib import Path

import pytest

from tests.packaging.checkouts import HANDLER, Checkout, admit
from tests.packaging.elf import AARCH64, make_elf
from tests.packaging.wheels import make_wheel
from toolchain.errors import BuildError
from toolchain.packaging.parts import prepare_sources
from toolchain.packaging.sources import Source

LONG_AGO = 0


@pytest.fixture
def built(sample: Checkout, tmp_path: Path) -> Checkout:
    """A repository with a function that requires two wheels, built."""
    users = admit(sample, make_wheel(tmp_path, "users", {"users.py": "import mail"}))
    mail = admit(sample, make_wheel(tmp_path, "mail", {"mail.py": ""}))
    sample.function("people", "import users\n" + HANDLER, wheels=[users, mail])
    sample.build()
    return sample


def _cached(sample: Checkout, directory: str) -> list[Path]:
    return sorted(path for path in (sample.cache / directory).rglob("*") if path.is_file())


@pytest.mark.parametrize("content", [None, b"", b"\0" * 100, b"[]", b"{}", b"\xff"])
def test_whatever_happens_to_prepared_parts(content: bytes | None, built: Checkout) -> None:
    before, parts = built.dist(), _cached(built, "parts")
    assert [path.suffix for path in parts if path.suffix == ".files"] == [".files"] * 3, "two wheels, and lib"
    for path in parts:
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
    built.build(clean=True)
    assert built.dist() == before
    assert {path.stat().st_size for path in _cached(built, "parts")}.isdisjoint({0})


@pytest.mark.parametrize("suffix", [".files", ".bytecode"])
def test_a_prepared_part_of_which_one_bit_changed(suffix: str, built: Checkout) -> None:
    before = built.dist()
    for path in (path for path in _cached(built, "parts") if path.suffix == suffix):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    built.build(clean=True)
    assert built.dist() == before


@pytest.fixture
def deep(sample: Checkout, tmp_path: Path) -> Path:
    """A wheel whose modules two functions, people and letters, reach in part."""
    files = {f"deep/{name}.py": "" for name in ("__init__", "one", "other", "both", "neither")}
    imports = {"deep/one.py": "import deep.both", "deep/other.py": "import deep.both"}
    wheel = admit(sample, make_wheel(tmp_path, "deep", files | imports))
    sample.function("people", "import deep.one\n" + HANDLER, wheels=[wheel])
    return wheel


def test_a_function_that_reaches_further(sample: Checkout, deep: Path) -> None:
    """What it reaches is compiled then; packages are the same as if everything had been compiled at once."""
    sample.build()
    bytecode = "deep/__pycache__/{}.cpython-313.pyc".format
    assert [name for name in sample.names("people") if name.startswith("deep/__pyc")] == [
        bytecode(name) for name in ("__init__", "both", "one")
    ]
    sample.function("letters", "import deep.other\n" + HANDLER, wheels=[deep])
    sample.build()
    assert [name for name in sample.names("letters") if name.startswith("deep/__pyc")] == [
        bytecode(name) for name in ("__init__", "both", "other")
    ]
    before = sample.dist()
    shutil.rmtree(sample.cache / "parts")
    sample.build(clean=True)
    assert sample.dist() == before


def test_bytecode_that_another_build_did_not_add(sample: Checkout, deep: Path) -> None:
    """Of two builds that add some at once, the last one's is kept: what is missing is compiled again."""
    sample.build()
    [path] = (path for path in _cached(sample, "parts") if path.suffix == ".bytecode")
    others = path.read_bytes()
    sample.function("letters", "import deep.other\n" + HANDLER, wheels=[deep])
    sample.build()
    before = sample.dist()
    path.write_bytes(others)
    sample.build(clean=True)
    assert sample.dist() == before


def test_bytecode_of_a_wheel_that_changed_in_the_cache(sample: Checkout, deep: Path, tmp_path: Path) -> None:
    """Its files were checked when it was met; bytecode that is added later must be of the same ones."""
    sample.build()
    [wheel] = (sample.cache / "wheels").glob("*/deep-*.whl")
    shutil.copy(make_wheel(tmp_path / "evil", "deep", {"deep/other.py": "import evil"}), wheel)
    sample.function("letters", "import deep.other\n" + HANDLER, wheels=[deep])
    with pytest.raises(BuildError) as caught:
        sample.build()
    assert str(caught.value) == (
        "deep-1.0-py3-none-any.whl is not what was once downloaded, and was removed from the cache; "
        "build again"
    )


def test_a_wheel_that_changed_in_the_cache(built: Checkout, tmp_path: Path) -> None:
    """Somebody's malware, with right checksums inside. It is told, removed, and not shipped."""
    [wheel] = (built.cache / "wheels").glob("*/users-*.whl")
    shutil.copy(make_wheel(tmp_path / "evil", "users", {"users.py": "import evil"}), wheel)
    shutil.rmtree(built.cache / "parts")
    with pytest.raises(BuildError) as caught:
        built.build(clean=True)
    assert str(caught.value) == (
        "users-1.0-py3-none-any.whl is not what was once downloaded, and was removed from the cache; "
        "build again"
    )
    assert not wheel.exists()


def test_parts_that_nobody_used_for_a_month_are_removed(built: Checkout, tmp_path: Path) -> None:
    old, new = built.cache / "parts" / "old.files", built.cache / "parts" / "new.files"
    for path in (old, new):
        path.touch()
    os.utime(old, (LONG_AGO, LONG_AGO))
    more = admit(built, make_wheel(tmp_path, "more", {"more.py": ""}))
    built.function("visits", wheels=[more])
    built.build()
    assert (old.exists(), new.exists()) == (False, True)


def test_problems_of_all_wheels(sample: Checkout, tmp_path: Path) -> None:
    foreign = admit(sample, make_wheel(tmp_path, "foreign", {"f.so": make_elf(AARCH64)}))
    slip = admit(sample, make_wheel(tmp_path, "slip", {"../slip.py": ""}))
    sample.function("people", wheels=[foreign])
    sample.function("letters", wheels=[slip, foreign])
    with pytest.raises(BuildError) as caught:
        sample.build()
    assert caught.value.problems == (
        "foreign-1.0-py3-none-any.whl: f.so is built for arm64, not x86_64",
        "slip-1.0-py3-none-any.whl: '../slip.py' would be written outside the package",
    )
    assert _cached(sample, "parts") == []


def test_files_of_the_repository_stand_beside_their_bytecode() -> None:
    prepared = prepare_sources(
        [Source("lib/b.txt", b"b"), Source("lib/a.py", b"import json"), Source("lib/run", b"#!")]
    )
    assert [(member.name, member.executable) for member in prepared.files.members()] == [
        ("lib/__pycache__/a.cpython-313.pyc", False),
        ("lib/a.py", False),
        ("lib/b.txt", False),
        ("lib/run", True),
    ]
    assert prepared.imports == {"lib.a": ["json"]}
    assert prepared.required == {"lib.a": ["json"]}


def test_every_syntax_error() -> None:
    with pytest.raises(BuildError) as caught:
        prepare_sources([Source("lib/a.py", b"x = "), Source("lib/b.py", b"\n)"), Source("lib/c.txt", b")")])
    assert caught.value.problems == ("lib/a.py:1: invalid syntax", "lib/b.py:2: unmatched ')'")
