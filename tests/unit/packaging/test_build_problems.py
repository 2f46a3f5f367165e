"""What a build refuses: everything that is wrong is told at once, and dist/ stays as it was."""

from pathlib import Path

import pytest

from tests.packaging.checkouts import HANDLER, Checkout, admit
from tests.packaging.wheels import make_wheel
from toolchain.errors import ToolchainError

LAYER = "arn:aws:lambda:eu-west-1:123456789012:layer:numbers:3"


def _problems(sample: Checkout) -> tuple[str, ...]:
    with pytest.raises(ToolchainError) as caught:
        sample.build()
    return caught.value.problems


def _missing(function: str, distribution: str) -> str:
    return (
        f"functions/{function}/requirements.in: functions.{function}.handler imports {distribution}, which "
        "nothing in the package provides; add what does and run `invoke lock`"
    )


def test_everything_that_is_wrong_with_any_function(two: Checkout, tmp_path: Path) -> None:
    """And nothing is written: dist/ is what it was."""
    before = two.dist()
    fine = admit(two, make_wheel(tmp_path, "fine", {"fine.py": ""}))
    two.function("letters", "import requests\n" + HANDLER, wheels=[fine])
    two.function("people", HANDLER + "import requests, numpy\n", wheels=[fine])
    two.write("functions/people/data.py", "x = 1\ny = = 2\n")
    two.function("visits", wheels=[fine], include=["fine.py"])
    two.write("fine.py", "")
    assert _problems(two) == (
        _missing("letters", "requests"),
        "functions/people/data.py:2: invalid syntax",
        "functions/visits: fine.py is also in fine-1.0-py3-none-any.whl; give it another path",
    )
    assert two.dist() == before


def test_what_can_not_be_gathered(two: Checkout) -> None:
    two.function("letters", include=["nothing/*"])
    two.write("functions/people/requirements.in", "users")
    two.write("functions/visits/requirements.txt", "users")
    two.function("visits")
    assert _problems(two) == (
        "functions/letters/function.yaml: include 'nothing/*' matches no file",
        "functions/people/requirements.txt is missing; run `invoke lock`",
        "functions/visits/requirements.txt has no requirements.in; remove it, or add one",
    )


def test_a_lock_that_is_stale(two: Checkout) -> None:
    two.lock("people", "users==1.0 --hash=sha256:" + "0" * 64)
    two.write("functions/people/requirements.in", "users>2")
    assert _problems(two) == (
        "functions/people/requirements.txt is stale or was edited by hand; run `invoke lock`",
    )


def test_a_lock_without_hashes(two: Checkout) -> None:
    two.lock("people", "users==2.0", "mail==1.0")
    assert _problems(two) == (
        "functions/people/requirements.txt: mail==1.0 has no hash; run `invoke lock`",
        "functions/people/requirements.txt: users==2.0 has no hash; run `invoke lock`",
    )


@pytest.mark.parametrize("source", ["def broken(:\n    pass\n", "x = (\n", "\n\n    x = 1\n"])
def test_a_syntax_error_in_lib(source: str, two: Checkout) -> None:
    two.write("lib/broken.py", source)
    with pytest.raises(SyntaxError) as expected:
        compile(source, "lib/broken.py", "exec")
    assert _problems(two) == (f"lib/broken.py:{expected.value.lineno}: {expected.value.msg}",)


def test_a_null_byte_in_lib(two: Checkout) -> None:
    two.write("lib/broken.py", "x = '\0'")
    assert _problems(two) == ("lib/broken.py:1: source code string cannot contain null bytes",)


def test_code_that_is_nested_too_deeply(two: Checkout) -> None:
    two.write("lib/broken.py", "x" + ".a" * 100_000)
    assert _problems(two) == ("lib/broken.py: maximum recursion depth exceeded during compilation",)


def test_a_syntax_error_in_a_handler(two: Checkout) -> None:
    two.write("functions/people/handler.py", HANDLER + "\nx = = 1\n")
    assert _problems(two) == ("functions/people/handler.py:4: invalid syntax",)


def test_a_link_that_leaves_the_repository(two: Checkout) -> None:
    (two.project.functions / "people" / "secrets").symlink_to("/etc")
    (two.project.lib / "secrets").symlink_to("/etc")
    assert _problems(two) == (
        "functions/people/secrets leads out of the repository; copy what it needs to here",
        "lib/secrets leads out of the repository; copy what it needs to here",
    )


def test_imports_that_layers_may_provide(two: Checkout) -> None:
    """What a layer holds is not known here; without it, the same import is a problem again."""
    two.function(
        "people",
        "import numpy\n" + HANDLER,
        layers=[LAYER],
    )
    assert two.statuses()["people"] == "built"
    two.function("people", "import numpy\n" + HANDLER)
    assert _problems(two) == (_missing("people", "numpy"),)


def test_included_modules_can_be_imported(two: Checkout) -> None:
    two.function("people", "import vendored.names\n" + HANDLER, include=["vendored/**/*.py"])
    two.write("vendored/names.py", "")
    two.build()
    assert "vendored/__pycache__/names.cpython-313.pyc" in two.names("people")


def test_included_files_that_are_there_already(two: Checkout) -> None:
    two.function("people", include=["lib/*.py", "functions/people/*"])
    two.build()
    assert sorted(two.names("people")) == sorted(
        {*two.names("people"), *two.names("letters")}
        - {"functions/letters/__pycache__/handler.cpython-313.pyc", "functions/letters/handler.py"}
        | {"functions/people/function.yaml"}
    )


def test_boto3_is_left_to_the_runtime(two: Checkout) -> None:
    two.function("people", "import boto3\nfrom botocore.config import Config\n" + HANDLER)
    assert two.statuses()["people"] == "built"
