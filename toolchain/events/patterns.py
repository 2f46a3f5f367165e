"""Values that match an event pattern.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any


def matching(pattern: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping that the pattern matches: for each field, a value the first of its choices accepts.

    >>> matching({"source": ["shop.orders"], "detail": {"total": [{"numeric": [">", 100]}]}})
    {'source': 'shop.orders', 'detail': {'total': 101}}
    """
    found: dict[str, Any] = {}
    for field, condition in pattern.items():
        if field == "$or":
            found |= matching(condition[0])
        elif isinstance(condition, Mapping):
            found[field] = matching(condition)
        elif condition[0] != {"exists": False}:
            found[field] = _accepted(condition[0])
    return found


def _accepted(choice: object) -> object:
    """What one choice of a list accepts: itself, unless it is an operator with an operand."""
    if not isinstance(choice, Mapping):
        return choice
    [(operator, operand)] = choice.items()
    return _ACCEPTED_BY[operator](operand)


def _text(operand: Any) -> str:  # noqa: ANN401 - JSON
    """The operand, or that of `equals-ignore-case` inside it."""
    return str(operand["equals-ignore-case"] if isinstance(operand, Mapping) else operand)


def _other_than(operand: object) -> object:
    """What is hardly excluded: a negative number where numbers are, else a word of its own."""
    excluded = operand if isinstance(operand, list) else [operand]
    return -1 if all(isinstance(value, int | float) for value in excluded) else "sample"


def _number(comparisons: Sequence[Any]) -> float:
    """A number within `[">", 0, "<=", 5]`."""
    bounds: dict[str, float] = dict(zip(comparisons[::2], comparisons[1::2], strict=True))
    for inclusive in ("=", ">=", "<="):
        if inclusive in bounds:
            return bounds[inclusive]
    if ">" in bounds and "<" in bounds:
        return (bounds[">"] + bounds["<"]) / 2
    return bounds[">"] + 1 if ">" in bounds else bounds["<"] - 1


_ACCEPTED_BY: Mapping[str, Callable[[Any], object]] = {
    "prefix": lambda operand: f"{_text(operand)}sample",
    "suffix": lambda operand: f"sample{_text(operand)}",
    "equals-ignore-case": _text,
    "wildcard": lambda operand: operand.replace("*", "sample"),
    "anything-but": _other_than,
    "numeric": _number,
    "exists": lambda _: "sample",
    "cidr": lambda operand: operand.partition("/")[0],
}
