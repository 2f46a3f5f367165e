"""Which packages a build makes, and which it leaves as they are."""

import os
from pathlib import Path

import pytest

from tests.packaging.checkouts import HANDLER, Checkout, admit, make_checkout, pin
from tests.packaging.wheels import make_wheel
from toolchain.errors import ManifestError
from toolchain.packaging.build import Plan, decide
from toolchain.packaging.inputs import Inputs
from toolchain.packaging.progress import Result
from toolchain.packaging.state import Built
from toolchain.packaging.target import Target


def _inputs(fingerprint: str) -> Inputs:
    return Inputs("people", Target("arm64"), b"", (), has_layers=False, fingerprint=fingerprint)


@pytest.mark.parametrize(
    ("fingerprint", "content", "reused"),
    [
        pytest.param("same", b"content", True, id="as it was"),
        pytest.param("other", b"content", False, id="made from something else"),
        pytest.param("same", b"contents", False, id="another file"),
        pytest.param("same", None, False, id="no file"),
    ],
)
def test_decide(fingerprint: str, content: bytes | None, *, reused: bool, tmp_path: Path) -> None:
    path = tmp_path / "people.zip"
    path.write_bytes(b"content")
    state = {"people": Built("same", "arm64", "sha", 7, 70, path.stat().st_mtime_ns)}
    if content is None:
        path.unlink()
    elif content != b"content":
        path.write_bytes(content)
    expected = (
        Plan((Result("people", 7, 70, "sha", "reused", 0.0),), ())
        if reused
        else Plan((), (_inputs(fingerprint),))
    )
    assert decide([_inputs(fingerprint)], state, tmp_path) == expected


def test_a_package_holds_the_function_lib_and_bytecode(two: Checkout) -> None:
    assert two.names("people") == [
        "lib/__init__.py",
        "lib/__pycache__/__init__.cpython-313.pyc",
        "lib/__pycache__/greeting.cpython-313.pyc",
        "lib/greeting.py",
        "functions/people/__pycache__/handler.cpython-313.pyc",
        "functions/people/handler.py",
    ]


def test_nothing_changed(two: Checkout) -> None:
    before = two.dist()
    assert two.statuses() == {"letters": "reused", "people": "reused"}
    assert two.dist() == before


def test_a_function_that_changed_is_built_alone(two: Checkout) -> None:
    two.write("functions/people/handler.py", HANDLER + "# changed\n")
    assert two.statuses() == {"letters": "reused", "people": "built"}


def test_a_file_that_is_new_in_a_function(two: Checkout) -> None:
    two.write("functions/people/data/names.txt", "Ada")
    assert two.statuses() == {"letters": "reused", "people": "built"}
    assert "functions/people/data/names.txt" in two.names("people")


def test_lib_is_in_every_package(two: Checkout) -> None:
    two.write("lib/greeting.py", "GREETING = 'good morning'\n")
    assert two.statuses() == {"letters": "built", "people": "built"}


def test_a_file_that_is_gone_from_lib(two: Checkout) -> None:
    (two.project.lib / "greeting.py").unlink()
    assert two.statuses() == {"letters": "built", "people": "built"}
    assert "lib/greeting.py" not in two.names("people")


def test_times_and_modes_are_no_change(two: Checkout) -> None:
    handler = two.project.functions / "people" / "handler.py"
    os.utime(handler, (0, 0))
    handler.chmod(0o777)
    assert two.statuses() == {"letters": "reused", "people": "reused"}


def test_a_declaration_that_changed_is_no_new_package(two: Checkout) -> None:
    assert two.document()["people"]["memory_mb"] == 256
    two.function("people", memory_mb=512)
    assert two.statuses() == {"letters": "reused", "people": "reused"}
    assert two.document()["people"]["memory_mb"] == 512


def test_another_architecture_is_another_package(two: Checkout) -> None:
    two.function("people", architecture="arm64")
    assert two.statuses() == {"letters": "reused", "people": "built"}
    assert two.document()["people"]["architecture"] == "arm64"


def test_requirements_that_changed(two: Checkout, tmp_path: Path) -> None:
    wheel = admit(two, make_wheel(tmp_path, "users", {"users.py": ""}))
    two.function("people", wheels=[wheel])
    assert two.statuses() == {"letters": "reused", "people": "built"}
    assert "users.py" in two.names("people")


def test_who_asked_for_a_requirement_is_no_change(sample: Checkout, tmp_path: Path) -> None:
    wheel = admit(sample, make_wheel(tmp_path, "users", {"users.py": ""}))
    sample.function("people")
    for comment in ("# via mail", "# via -r functions/people/requirements.in"):
        sample.lock("people", pin(wheel), f"    {comment}")
        status = sample.statuses()["people"]
    assert status == "reused"


def test_a_file_that_is_included(two: Checkout) -> None:
    two.function("people", include=["migrations/*.sql"])
    two.write("migrations/1.sql", "SELECT 1")
    assert two.statuses() == {"letters": "reused", "people": "built"}
    two.write("migrations/1.sql", "SELECT 2")
    assert two.statuses() == {"letters": "reused", "people": "built"}
    assert "migrations/1.sql" in two.names("people")


@pytest.mark.parametrize("change", [b"PK\5\6" + bytes(18), b""])
def test_a_package_that_was_tampered_with_is_made_again(change: bytes, two: Checkout) -> None:
    before = two.dist()
    two.zip("people").write_bytes(change)
    assert two.statuses() == {"letters": "reused", "people": "built"}
    assert two.dist() == before


def test_a_package_that_was_removed_is_made_again(two: Checkout) -> None:
    before = two.dist()
    two.zip("people").unlink()
    assert two.statuses() == {"letters": "reused", "people": "built"}
    assert two.dist() == before


def test_a_function_that_is_gone_leaves_nothing(two: Checkout) -> None:
    for path in (two.project.functions / "letters").iterdir():
        path.unlink()
    (two.project.functions / "letters").rmdir()
    assert two.statuses() == {"people": "reused"}
    assert list(two.dist()) == ["functions.json", "people.zip"]
    assert list(two.document()) == ["people"]


def test_no_functions_at_all(sample: Checkout) -> None:
    assert sample.build() == {}
    assert sample.document() == {}
    sample.project.functions.rmdir()
    assert sample.build() == {}


def test_a_repository_without_lib(two: Checkout) -> None:
    for path in two.project.lib.iterdir():
        path.unlink()
    two.project.lib.rmdir()
    two.build()
    assert two.names("people") == [
        "functions/people/__pycache__/handler.cpython-313.pyc",
        "functions/people/handler.py",
    ]


def test_clean_removes_what_is_not_ours_too(two: Checkout) -> None:
    two.write("dist/old/users.zip", "")
    assert {one.status for one in two.build(clean=True).values()} == {"built"}
    assert list(two.dist()) == ["functions.json", "letters.zip", "people.zip"]


def test_an_unknown_function(two: Checkout) -> None:
    with pytest.raises(ManifestError) as caught:
        two.build("peple")
    assert str(caught.value) == "there is no function peple; did you mean 'people'? There are letters, people"


def test_packages_are_the_same_in_another_checkout(two: Checkout, tmp_path: Path) -> None:
    other = make_checkout(tmp_path / "elsewhere" / "copy")
    for name in ("people", "letters"):
        other.function(name)
    other.build()
    assert other.dist() == two.dist()
