"""Event patterns: which operators there are, and what each takes.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_COMPARISONS = frozenset({"=", "<", "<=", ">", ">="})


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
    return isinstance(operand, str) and bool(operand)


def _is_affix(operand: object) -> bool:
    """Text, or text in which case does not count."""
    if isinstance(operand, dict):
        return list(operand) == ["equals-ignore-case"] and _is_text(operand["equals-ignore-case"])
    return _is_text(operand)


def _is_exclusion(operand: object) -> bool:
    if isinstance(operand, dict):
        kinds = ("prefix", "suffix", "equals-ignore-case", "wildcard")
        return len(operand) == 1 and all(
            kind in kinds and (_is_text(value) or _is_list_of(_is_text, value))
            for kind, value in operand.items()
        )
    return _is_scalar(operand) or _is_list_of(_is_scalar, operand)


def _is_list_of(is_right: Callable[[object], bool], value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(is_right, value))


def _is_range(operand: object) -> bool:
    """`[">", 0]` or `[">", 0, "<=", 5]`."""
    if not isinstance(operand, list) or len(operand) not in (2, 4):
        return False
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in operand[1::2])
    return numbers and all(isinstance(one, str) and one in _COMPARISONS for one in operand[::2])


def _is_network(operand: object) -> bool:
    try:
        ipaddress.ip_network(str(operand), strict=False)
    except ValueError:
        return False
    return isinstance(operand, str)


_OPERANDS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "prefix": (_is_affix, "a text, or {equals-ignore-case: text}"),
    "suffix": (_is_affix, "a text, or {equals-ignore-case: text}"),
    "equals-ignore-case": (_is_text, "a text"),
    "wildcard": (_is_text, "a text with *"),
    "anything-but": (_is_exclusion, "a value, a list of values, or one of {prefix, suffix, wildcard}"),
    "numeric": (_is_range, 'one or two comparisons: [">", 0, "<=", 5]'),
    "exists": (lambda operand: isinstance(operand, bool), "true or false"),
    "cidr": (_is_network, "an IP address range: 10.0.0.0/24"),
}
