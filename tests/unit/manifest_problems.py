"""What is wrong with the text of a function.yaml, in words."""

import pytest

from toolchain.errors import ManifestError
from toolchain.manifest import parse_function


def problems(text: str, name: str = "users") -> tuple[str, ...]:
    with pytest.raises(ManifestError) as raised:
        parse_function(name, text)
    return raised.value.problems


def problem_of(line: str) -> str:
    [problem] = problems(f"description: Lists the users\n{line}")
    return problem
