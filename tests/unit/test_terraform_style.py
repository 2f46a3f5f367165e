"""What the house asks of terraform/ besides what Terraform checks itself."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from toolchain.manifest import read_functions
from toolchain.project import Project

TERRAFORM = Path(__file__).resolve().parents[2] / "terraform"
FILES = sorted([*TERRAFORM.glob("*.tf"), *TERRAFORM.glob("modules/*/*.tf")])
_BLOCK = re.compile(
    r'^(?P<kind>variable|output) "(?P<name>\w+)" \{$(?P<body>.*?)^\}$', re.MULTILINE | re.DOTALL
)
_ANY = re.compile(r"\bany\b")
_ROLE = re.compile(r'^resource "aws_iam_role" "(\w+)" \{$(.*?)^\}$', re.MULTILINE | re.DOTALL)
_CALL = re.compile(r'^module "(\w+)" \{$(.*?)^\}$', re.MULTILINE | re.DOTALL)


def _blocks() -> Iterator[tuple[str, str, str]]:
    """Of each variable and output: the file with its name, the kind, and what is between the braces."""
    for path in FILES:
        for block in _BLOCK.finditer(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(TERRAFORM)}: {block['name']}", block["kind"], block["body"]


def test_every_variable_and_output_is_described() -> None:
    undescribed = [
        name
        for name, _, body in _blocks()
        if not re.search(r'^  description = ".{12,}"$', body, re.MULTILINE)
    ]
    assert len(list(_blocks())) > 100
    assert not undescribed


def test_every_variable_has_a_type_that_says_something() -> None:
    """`any` lets a misspelt key through."""
    variables = [(name, body) for name, kind, body in _blocks() if kind == "variable"]
    assert not [name for name, body in variables if not re.search(r"^  type +=", body, re.MULTILINE)]
    assert not [
        name for name, body in variables if _ANY.search(body.partition("description")[2].partition("\n")[2])
    ]


def test_a_variable_is_null_only_where_that_is_its_default() -> None:
    wrong = [
        name
        for name, kind, body in _blocks()
        if kind == "variable"
        and bool(re.search(r"^  nullable += false$", body, re.MULTILINE))
        == bool(re.search(r"^  default += null$", body, re.MULTILINE))
    ]
    assert not wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TERRAFORM)))
def test_no_configuration_names_a_function(path: Path) -> None:
    """All functions come from dist/functions.json; a name here would be a second list.

    Names of one word are left out: a function may be called what Terraform calls something else.
    """
    names = {name for name in read_functions(Project(TERRAFORM.parent)) if "_" in name}
    assert not names & set(re.findall(r"\w+", path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TERRAFORM)))
def test_a_statement_about_everything_says_why(path: Path) -> None:
    """The reason is beside it: `Resource = "*" # X-Ray has no narrower resource for these`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert not [
        line for line in lines if re.search(r'Resource +=.*"\*"', line) and not re.search(r" # .{5,}$", line)
    ]


def test_every_role_is_inside_the_boundary() -> None:
    """All but CI's own: CI may neither make nor change a role outside of it, and finds out in mid-apply."""
    roles = {
        f"{path.parent.name}: {name}": body
        for path in FILES
        if path.parent.name != "ci"
        for name, body in _ROLE.findall(path.read_text(encoding="utf-8"))
    }
    assert len(roles) >= 5
    inside = re.compile(r"^  permissions_boundary += var\.permissions_boundary_arn$", re.MULTILINE)
    assert not [name for name, body in roles.items() if not inside.search(body)]
    modules = {name.partition(":")[0] for name in roles}
    given = re.compile(r"^  permissions_boundary_arn += local\.permissions_boundary_arn$", re.MULTILINE)
    calls = "\n".join(path.read_text(encoding="utf-8") for path in TERRAFORM.glob("*.tf"))
    assert modules == {name for name, body in _CALL.findall(calls) if given.search(body)}
