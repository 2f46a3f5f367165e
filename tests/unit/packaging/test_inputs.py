"""Validated manifests are kept in the cache, by all that they were validated from."""

from pathlib import Path

import pytest

from tests.packaging.checkouts import HANDLER, Checkout, make_checkout
from toolchain.errors import BuildError, ManifestError
from toolchain.packaging.inputs import Declarations, declarations, project_name


def _declared(checkout: Checkout) -> Declarations:
    return declarations(checkout.project, checkout.cache)


def _kept(checkout: Checkout) -> list[Path]:
    return sorted((checkout.cache / "declarations").glob("*"))


def test_manifests_are_validated_once(two: Checkout, tmp_path: Path) -> None:
    """Not even a clone validates them again."""
    first = _declared(two)
    assert len(_kept(two)) == 1
    clone = make_checkout(tmp_path / "clone", two.cache)
    for name in ("people", "letters"):
        clone.function(name)
    assert _declared(clone) == first
    assert len(_kept(two)) == 1


def test_code_that_is_not_the_handlers_does_not_matter(two: Checkout) -> None:
    two.write("functions/people/handler.py", "import json\n\n" + HANDLER)
    _declared(two)
    assert len(_kept(two)) == 1


@pytest.mark.parametrize("content", [b"", b"\0\0\0\0", b"{}", b"\xff" * 100])
def test_what_was_kept_and_damaged(content: bytes, two: Checkout) -> None:
    before = _declared(two)
    [kept] = _kept(two)
    whole = kept.read_bytes()
    kept.write_bytes(content)
    assert _declared(two) == before
    assert kept.read_bytes() == whole


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        (
            "functions/people/function.yaml",
            "description: x\nmemory_mb: 64\n",
            "functions/people/function.yaml: memory_mb is 64; use 128 to 10240",
        ),
        (
            "functions/people/handler.py",
            "def handle(event, context): ...",
            "functions/people/handler.py: has no `handler`; define handler(event, context)",
        ),
        (
            "functions/visits/handler.py",
            HANDLER,
            "functions/visits/function.yaml: missing; every folder of functions/ has one",
        ),
    ],
)
def test_what_changed_is_validated(name: str, content: str, problem: str, two: Checkout) -> None:
    """Nothing that is wrong is ever kept."""
    two.write(name, content)
    for _ in range(2):
        with pytest.raises(ManifestError) as caught:
            _declared(two)
        assert caught.value.problems == (problem,)
    assert len(_kept(two)) == 1


def test_an_event_that_is_gone(two: Checkout) -> None:
    (two.project.events / "people.json").unlink()
    with pytest.raises(ManifestError) as caught:
        _declared(two)
    assert str(caught.value) == "events/people.json: missing; `invoke events people` prints one"


def test_the_name_is_that_of_pyproject_as_it_is(two: Checkout) -> None:
    for name in ("shop", "shop", "warehouse", "shop"):
        two.write("pyproject.toml", f'[project]\nname = "{name}"\n')
        assert project_name(two.project, two.cache) == name


def test_a_name_that_is_refused_is_refused_again(two: Checkout) -> None:
    two.write("pyproject.toml", '[project]\nname = "My Shop"\n')
    for _ in range(2):
        with pytest.raises(BuildError, match="name is 'My Shop'"):
            project_name(two.project, two.cache)
    (two.project.root / "pyproject.toml").unlink()
    with pytest.raises(BuildError, match=r"^pyproject.toml can't be read: No such file or directory$"):
        project_name(two.project, two.cache)
