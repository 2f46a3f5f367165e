"""YAML as function.yaml may use it."""

import pytest

from toolchain.errors import ManifestError
from toolchain.manifest.reading import parse_document


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ManifestError) as raised:
        parse_document(text)
    return raised.value.problems


def test_plain_yaml_is_data() -> None:
    """Quotes make text of anything; true and false are booleans; anchors and merges work."""
    text = """
    defaults: &defaults {memory_mb: 512, "on": "2.0"}
    merged: {<<: *defaults, flag: true}
    same: *defaults
    """
    defaults = {"memory_mb": 512, "on": "2.0"}
    assert parse_document(text) == {
        "defaults": defaults,
        "merged": {"memory_mb": 512, "on": "2.0", "flag": True},
        "same": defaults,
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: on", "a is on, which YAML reads as another value; write true or false, or quote it"),
        ("a: No", "a is No, which YAML reads as another value; write true or false, or quote it"),
        ("a: True", "a is True, which YAML reads as another value; write true or false, or quote it"),
        (
            "a: [0256]",
            "a[0] is 0256, which YAML reads as another value; write a plain decimal number, or quote it",
        ),
        (
            "a: {b: 12:30}",
            "a.b is 12:30, which YAML reads as another value; write a plain decimal number, or quote it",
        ),
        (
            "a: 1_000",
            "a is 1_000, which YAML reads as another value; write a plain decimal number, or quote it",
        ),
        ("a: 2026-01-31", "a is 2026-01-31, which YAML reads as another value; quote it"),
        ("on: x", "the key on is not text; quote it"),
        ("a: {1: x}", "the key a.1 is not text; quote it"),
    ],
)
def test_what_yaml_1_1_reads_its_own_way_needs_quotes(text: str, problem: str) -> None:
    """Editors follow YAML 1.2 and PyYAML 1.1: a file means the same to both, or is refused."""
    assert problems(text) == (problem,)


def test_a_key_is_there_once() -> None:
    """YAML would take the last one, silently."""
    assert problems("a: 1\nb:\n  - {c: 1, c: 2}\na: 2") == (
        "a is there twice; keep one",
        "b[0].c is there twice; keep one",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [", "line 2, column 1: did not find expected node content"),
        ("a:\n\t- b", "line 2, column 1: found character that cannot start any token"),
        ("a: !Ref b", "line 1, column 4: could not determine a constructor for the tag '!Ref'"),
        ("a: *b", "line 1, column 4: found undefined alias"),
        ("a: 1\n---\nb: 2", "line 2, column 1: but found another document"),
    ],
)
def test_what_is_not_yaml_has_a_place(text: str, problem: str) -> None:
    """The line and column are where the parser stopped."""
    assert problems(text) == (problem,)


@pytest.mark.parametrize("text", ["", "# nothing yet", "- a", "text"])
def test_a_document_is_a_mapping(text: str) -> None:
    """An empty file included: a description is always needed."""
    assert problems(text) == (
        "holds no mapping; write keys and values, such as `description: Lists the users`",
    )


def test_an_alias_may_not_lead_back_to_its_anchor() -> None:
    """PyYAML would build a mapping that contains itself."""
    assert problems("a: &a {b: *a}") == ("a.b is an alias of what it is in; write it out",)


def test_control_characters_are_refused() -> None:
    """YAML allows none; the reader names it."""
    [problem] = problems("a: \x00")
    assert problem == "is not YAML: unacceptable character #x0000: control characters are not allowed"
