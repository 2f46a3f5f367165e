"""Methods of moto's that are replaced for a while."""

import pytest

from toolchain.local.triggers.replacements import Replacement, followed, replaced


class Greeting:
    def hello(self, name: str) -> str:
        return f"hello {name}"


class Loud(Greeting):
    """Inherits what is replaced."""


def test_replacements_are_undone() -> None:
    """Also after an error; what a class only inherits is not left on it."""
    original = Greeting.hello
    replacements = [
        Replacement(Greeting, "hello", lambda _, name: f"bye {name}"),
        Replacement(Loud, "hello", lambda _, name: f"BYE {name}"),
    ]

    def use() -> None:
        with replaced(replacements):
            assert (Greeting().hello("Ada"), Loud().hello("Ada")) == ("bye Ada", "BYE Ada")
            raise LookupError

    with pytest.raises(LookupError):
        use()

    assert Greeting.hello is original
    assert "hello" not in vars(Loud)
    assert Loud().hello("Ada") == "hello Ada"


def test_a_method_that_is_followed_by_a_call() -> None:
    calls: list[str] = []
    with replaced(followed(Greeting, ["hello"], lambda: calls.append("called"))):
        assert Greeting().hello("Ada") == "hello Ada"

    assert calls == ["called"]
