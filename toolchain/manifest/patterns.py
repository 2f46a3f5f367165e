"""Event patterns: which operators there are, and what each takes.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
https://github.com/aws/event-ruler has what EventBridge refuses, in JsonRuleCompiler.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeGuard

_COMPARISONS = frozenset({"=", "<", "<=", ">", ">="})
# A backslash is before a * or another one; no * follows a *.
_WILDCARD = re.compile(r"\*?((?:[^*\\]|\\[*\\])\*?)*")


def check_pattern(pattern: Mapping[str, Any]) -> Mapping[str, Any]:
    """The pattern itself when EventBridge would take it: every field has choices, or fields of its own.

    Raises ValueError with what is wrong and what to write.
    """
    for field, condition in pattern.items():
        if isinstance(condition, dict) and condition:
            check_pattern(condition)
        elif not (isinstance(condition, list) and condition):
            raise ValueError(f"{field} has no list of choices; write [{condition or '...'}]")
        elif field == "$or":
            _check_alternatives(condition)
        else:
            for choice in condition:
                _check_choice(field, choice)
    return pattern


def _check_alternatives(alternatives: Sequence[object]) -> None:
    if len(alternatives) < 2:
        raise ValueError("$or has one pattern; write two or more")
    for alternative in alternatives:
        if not isinstance(alternative, dict) or not alternative:
            raise ValueError("$or is a list of patterns; write [{field: [...]}, {field: [...]}]")
        check_pattern(alternative)


def _check_choice(field: str, choice: object) -> None:
    if _is_scalar(choice):
        return
    if not isinstance(choice, dict) or len(choice) != 1:
        raise ValueError(f"{field} has {choice!r} as a choice; use a value, or one operator with its operand")
    [(operator, operand)] = choice.items()
    if operator not in _OPERANDS:
        raise ValueError(f"{field} has the operator {operator!r}; use {', '.join(sorted(_OPERANDS))}")
    is_right, expected = _OPERANDS[operator]
    if not is_right(operand):
        raise ValueError(f"{field} has {operator}: {operand!r}; it takes {expected}")


def _is_scalar(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


def _is_text(operand: object) -> bool:
    return isinstance(operand, str)


def _is_wildcard(operand: object) -> bool:
    return isinstance(operand, str) and bool(_WILDCARD.fullmatch(operand))


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_affix(operand: object) -> bool:
    """Text, or text in which case does not count."""
    if isinstance(operand, dict):
        return list(operand) == ["equals-ignore-case"] and _is_text(operand["equals-ignore-case"])
    return _is_text(operand)


def _is_exclusion(operand: object) -> bool:
    """Texts or numbers, not both; or one other operator, whose text is not empty."""
    if isinstance(operand, dict):
        kinds = ("prefix", "suffix", "equals-ignore-case", "wildcard")
        return len(operand) == 1 and all(
            kind in kinds
            and _listed(value)
            and all(isinstance(text, str) and text for text in _listed(value))
            for kind, value in operand.items()
        )
    values = _listed(operand)
    return bool(values) and (all(map(_is_text, values)) or all(map(_is_number, values)))


def _listed(value: object) -> Sequence[object]:
    """The list, or the one value in a list."""
    return value if isinstance(value, list) else [value]


def _is_range(operand: object) -> bool:
    """`[">", 0]` or `[">", 0, "<=", 5]`."""
    match operand:
        case [str(comparison), value]:
            return comparison in _COMPARISONS and _is_number(value)
        case [">" | ">=", bottom, "<" | "<=", top]:
            return _is_number(bottom) and _is_number(top) and bottom < top
    return False


def _is_network(operand: object) -> bool:
    try:
        ipaddress.ip_network(str(operand), strict=False)
    except ValueError:
        return False
    return isinstance(operand, str) and "/" in operand


_OPERANDS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "prefix": (_is_affix, "a text, or {equals-ignore-case: text}"),
    "suffix": (_is_affix, "a text, or {equals-ignore-case: text}"),
    "equals-ignore-case": (_is_text, "a text"),
    "wildcard": (_is_wildcard, "a text with *"),
    "anything-but": (
        _is_exclusion,
        "a text or number, a list of either, or one of {prefix, suffix, wildcard}",
    ),
    "numeric": (_is_range, 'one or two comparisons: [">", 0, "<=", 5]'),
    "exists": (lambda operand: isinstance(operand, bool), "true or false"),
    "cidr": (_is_network, "an IP address range: 10.0.0.0/24"),
}
