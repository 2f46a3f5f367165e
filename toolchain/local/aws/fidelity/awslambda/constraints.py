"""What a member of a request must be like, in the words of AWS's validation.

    1 validation error detected: Value 'a b' at 'functionName' failed to satisfy constraint: Member must ...

The words of several at once are those of the validated tests of https://github.com/localstack/localstack .
"""

import re
from collections.abc import Iterable, Iterator

from moto.awslambda.exceptions import LambdaClientError


class ValidationError(LambdaClientError):
    """What breaks constraints, all of it at once."""

    def __init__(self, problems: list[str]) -> None:
        errors = f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected"
        super().__init__("ValidationException", f"{errors}: {'; '.join(problems)}")


def check(*problems: Iterable[str]) -> None:
    """Raise ValidationError if there are problems."""
    if found := [problem for some in problems for problem in some]:
        raise ValidationError(found)


def pattern(member: str, value: object, expected: str) -> Iterator[str]:
    """A problem unless all of the value matches."""
    if value is not None and not re.fullmatch(expected, str(value)):
        yield _problem(member, value, f"satisfy regular expression pattern: {expected}")


def length(member: str, value: object, longest: int) -> Iterator[str]:
    """A problem unless a text is as long as it may be."""
    if value is not None and len(str(value)) > longest:
        yield _problem(member, value, f"have length less than or equal to {longest}")


def between(member: str, value: int | None, least: int, most: int) -> Iterator[str]:
    """A problem unless a number is in its range."""
    if value is not None and value < least:
        yield _problem(member, value, f"have value greater than or equal to {least}")
    if value is not None and value > most:
        yield _problem(member, value, f"have value less than or equal to {most}")


def _problem(member: str, value: object, constraint: str) -> str:
    return f"Value '{value}' at '{member}' failed to satisfy constraint: Member must {constraint}"
