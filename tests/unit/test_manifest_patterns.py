"""Event patterns that EventBridge would take, and what is said of others."""

from typing import Any

import pytest

from toolchain.manifest.patterns import check_pattern


@pytest.mark.parametrize(
    "condition",
    [
        ["shop.orders", 7, True, None],
        {"state": ["paid"]},
        [{"prefix": "eu-"}, {"suffix": {"equals-ignore-case": ".png"}}],
        [{"anything-but": ["a", "b"]}, {"anything-but": {"prefix": ["x", "y"]}}, {"anything-but": 3}],
        [{"numeric": [">", 0, "<=", 5.5]}],
        [{"exists": False}],
        [{"cidr": "10.0.0.0/24"}],
        [{"wildcard": "*.png"}, {"wildcard": r"\**\\*"}, {"equals-ignore-case": "Ada"}, {"prefix": ""}],
    ],
)
def test_patterns(condition: object) -> None:
    pattern = {"detail": {"field": condition}, "$or": [{"a": [1]}, {"b": [2]}]}
    assert check_pattern(pattern) is pattern


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ({"a": "b"}, "a has no list of choices; write [b]"),
        ({"a": []}, "a has no list of choices; write [...]"),
        ({"a": {}}, "a has no list of choices; write [...]"),
        ({"a": [{}]}, "a has {} as a choice; use a value, or one operator with its operand"),
        ({"a": [[1]]}, "a has [1] as a choice; use a value, or one operator with its operand"),
        (
            {"a": [{"like": "b"}]},
            (
                "a has the operator 'like'; use anything-but, cidr, equals-ignore-case, exists, numeric, "
                "prefix, suffix, wildcard"
            ),
        ),
        (
            {"a": [{"numeric": [">"]}]},
            'a has numeric: [\'>\']; it takes one or two comparisons: [">", 0, "<=", 5]',
        ),
        ({"a": [{"numeric": 5}]}, 'a has numeric: 5; it takes one or two comparisons: [">", 0, "<=", 5]'),
        ({"a": [{"cidr": 1}]}, "a has cidr: 1; it takes an IP address range: 10.0.0.0/24"),
        ({"a": [{"cidr": "10.0.0.1"}]}, "a has cidr: '10.0.0.1'; it takes an IP address range: 10.0.0.0/24"),
        ({"a": [{"wildcard": 3}]}, "a has wildcard: 3; it takes a text with *"),
        ({"a": [{"exists": "no"}]}, "a has exists: 'no'; it takes true or false"),
        (
            {"a": [{"numeric": [">", "x"]}]},
            "a has numeric: ['>', 'x']; it takes one or two comparisons: [\">\", 0, \"<=\", 5]",
        ),
        (
            {"a": [{"numeric": ["<", 5, ">", 0]}]},
            "a has numeric: ['<', 5, '>', 0]; it takes one or two comparisons: [\">\", 0, \"<=\", 5]",
        ),
        (
            {"a": [{"numeric": [">=", 5, "<=", 5]}]},
            "a has numeric: ['>=', 5, '<=', 5]; it takes one or two comparisons: [\">\", 0, \"<=\", 5]",
        ),
        (
            {"a": [{"anything-but": [1, "b"]}]},
            (
                "a has anything-but: [1, 'b']; it takes a text or number, a list of either, or one of "
                "{prefix, suffix, wildcard}"
            ),
        ),
        (
            {"a": [{"anything-but": None}]},
            (
                "a has anything-but: None; it takes a text or number, a list of either, or one of "
                "{prefix, suffix, wildcard}"
            ),
        ),
        ({"a": [{"wildcard": "a**"}]}, "a has wildcard: 'a**'; it takes a text with *"),
        ({"a": [{"wildcard": "a\\b"}]}, "a has wildcard: 'a\\\\b'; it takes a text with *"),
        ({"$or": [{"a": [1]}]}, "$or has one pattern; write two or more"),
        ({"$or": ["a", "b"]}, "$or is a list of patterns; write [{field: [...]}, {field: [...]}]"),
    ],
)
def test_what_eventbridge_would_refuse(pattern: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as caught:
        check_pattern(pattern)
    assert str(caught.value) == problem
