"""Reading tfvars."""

import pytest

from toolchain.deploy.tfvars import Value, parse_tfvars
from toolchain.errors import StageError


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("", {}),
        ("# nothing\n// nothing\n/* nothing\n at all */\n", {}),
        ('stage = "dev"', {"stage": "dev"}),
        ('a="1"\r\nb = "2" # two\n', {"a": "1", "b": "2"}),
        ("a = 1\nb = -1.5\nc = 1e3", {"a": 1, "b": -1.5, "c": 1000.0}),
        ("a = true\nb = false\nc = null", {"a": True, "b": False, "c": None}),
        (r'a = "q\" b\\ n\n u\u00fc $${x} %%{y}"', {"a": 'q" b\\ n\n uü ${x} %{y}'}),
        ('a = "http://x/#y" // url', {"a": "http://x/#y"}),
        ('a = []\nb = ["x", 1,\n  "y",\n]\n', {"a": [], "b": ["x", 1, "y"]}),
        (
            'a = {}\nb = {\n  c = 1\n  "d e" : [2], f = { g = "h" }\n}\n',
            {"a": {}, "b": {"c": 1, "d e": [2], "f": {"g": "h"}}},
        ),
        ("a = {\n b = 1,\n\n c = 2\n}", {"a": {"b": 1, "c": 2}}),
    ],
)
def test_literals(text: str, variables: dict[str, Value]) -> None:
    assert parse_tfvars(text, "x.tfvars") == variables


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = b", "x.tfvars:1: unexpected b; use `name = literal` on each line"),
        ("a = 1\n\nb 2", "x.tfvars:3: unexpected 2; use `name = literal` on each line"),
        ("a = 1 b = 2", "x.tfvars:1: unexpected b; use `name = literal` on each line"),
        ("a =", "x.tfvars:1: unexpected the end; use `name = literal` on each line"),
        ("a = [1", "x.tfvars:1: unexpected the end; use `name = literal` on each line"),
        ("a = [1\n2]", "x.tfvars:2: unexpected 2; use `name = literal` on each line"),
        ("a = {", "x.tfvars:1: unexpected the end; use `name = literal` on each line"),
        ("a = { 1 = 2 }", "x.tfvars:1: unexpected 1; use `name = literal` on each line"),
        ('a = "${b}"', 'x.tfvars:1: unexpected "${b}"; use `name = literal` on each line'),
        (r'a = "\x"', r'x.tfvars:1: unexpected "\x"; use `name = literal` on each line'),
        ("a = 1\na = 2", "x.tfvars:2: a is given twice; remove one"),
        ("# one\na = f(1)", "x.tfvars:2: '(1)' is no literal; use strings, numbers, lists and objects"),
        ("a = (1)", "x.tfvars:1: '(1)' is no literal; use strings, numbers, lists and objects"),
        ("a = <<EOT\nx\nEOT", "x.tfvars:1: '<<EOT' is no literal; use strings, numbers, lists and objects"),
        ('a = "b', "x.tfvars:1: '\"b' is no literal; use strings, numbers, lists and objects"),
    ],
)
def test_what_is_no_literal(text: str, message: str) -> None:
    """A deploy never guesses what a variable may be."""
    with pytest.raises(StageError) as error:
        parse_tfvars(text, "x.tfvars")
    assert str(error.value) == message
