"""What function.yaml may say, and the sentence for everything it may not."""

import pytest

from toolchain.errors import ManifestError
from toolchain.manifest import parse_function


def problems(text: str, name: str = "users") -> tuple[str, ...]:
    with pytest.raises(ManifestError) as raised:
        parse_function(name, text)
    return raised.value.problems


def test_a_description_is_enough() -> None:
    """Everything else has a default, which is what the schema says it is."""
    function = parse_function("users", "description: Lists the users")
    assert function.memory_mb == 256
    assert function.triggers == ()
    assert function.handler == "functions.users.handler.handler"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("memory_mb: 64", "memory_mb is 64; use 128 to 10240"),
        ("memroy_mb: 512", "unknown key 'memroy_mb'; did you mean 'memory_mb'?"),
    ],
)
def test_a_key_that_breaks_a_rule(line: str, problem: str) -> None:
    """The message has the key, what was found, what is allowed."""
    assert problems(f"description: Lists the users\n{line}") == (problem,)
