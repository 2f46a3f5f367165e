"""Stages: an allow-list."""

from pathlib import Path

import pytest

from toolchain.deploy.stages import choose_stage, read_stage, stage_names
from toolchain.errors import StageError
from toolchain.project import Project

NAMES = ["dev", "local", "prod", "staging"]
ALL = "dev, local, prod, staging"
_GOOD = 'stage = "dev"\naccount_id = "123456789012"\nregion = "eu-west-1"\n'

MISSPELT = {
    "prd": "prod",
    "prdo": "prod",
    "Prod": "prod",
    "PROD": "prod",
    "prod ": "prod",
    "prods": "prod",
    "prod1": "prod",
    "production": None,
    "pord": "prod",
    "porduction": None,
    "de": "dev",
    "dve": "dev",
    "devv": "dev",
    "DEV": "dev",
    "lcoal": "local",
    "locla": "local",
    "stagin": "staging",
    "stgaing": "staging",
    "../stages/prod": None,
    "": None,
    "prod.tfvars": None,
    "default": None,
}


@pytest.mark.parametrize(("wanted", "meant"), MISSPELT.items())
def test_misspelt_stage(wanted: str, meant: str | None) -> None:
    with pytest.raises(StageError) as error:
        choose_stage(wanted, NAMES)
    said = f"did you mean {meant}? There are {ALL}" if meant else f"there are {ALL}"
    assert str(error.value) == f"there is no stage {wanted!r}; {said}"


@pytest.mark.parametrize("name", NAMES)
def test_stage_that_is_there(name: str) -> None:
    assert choose_stage(name, NAMES) == name


def write(root: Path, name: str, text: str) -> Project:
    path = root / "terraform" / "stages" / f"{name}.tfvars"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return Project(root)


def test_stage_of_a_file(tmp_path: Path) -> None:
    project = write(tmp_path, "dev", f"{_GOOD}protected = false\nother = {{ a = 1 }}\n")
    stage = read_stage(project, "dev")
    assert (stage.name, stage.account_id, stage.region) == ("dev", "123456789012", "eu-west-1")
    assert not stage.is_protected
    assert stage.path == tmp_path / "terraform" / "stages" / "dev.tfvars"


def test_stage_is_protected_unless_its_file_says_otherwise(tmp_path: Path) -> None:
    """As in terraform/variables.tf: a forgotten line loses nothing."""
    assert read_stage(write(tmp_path, "dev", _GOOD), "dev").is_protected


@pytest.mark.parametrize(
    ("name", "text", "problems"),
    [
        (
            "dev",
            "",
            [
                "account_id is missing; use the 12 digits of an AWS account, in quotes",
                'region is missing; use a region such as "eu-west-1"',
                'stage is missing; use "dev", as the file',
            ],
        ),
        ("dev", _GOOD.replace('"dev"', '"prod"'), ['stage is "prod"; use "dev", as the file']),
        (
            "dev",
            _GOOD.replace("123456789012", "1234"),
            ['account_id is "1234"; use the 12 digits of an AWS account, in quotes'],
        ),
        (
            "dev",
            _GOOD.replace('"123456789012"', "123456789012"),
            ["account_id is a number; write it in quotes"],
        ),
        (
            "dev",
            _GOOD.replace("eu-west-1", "Ireland"),
            ['region is "Ireland"; use a region such as "eu-west-1"'],
        ),
        ("dev", f'{_GOOD}protected = "no"\n', ['protected is "no"; use true or false']),
        (
            "my-dev",
            _GOOD.replace('"dev"', '"my-dev"'),
            ["the name is my-dev; use 2 to 12 lower-case letters and digits"],
        ),
    ],
)
def test_file_that_can_not_be_deployed(name: str, text: str, problems: list[str], tmp_path: Path) -> None:
    """Everything that is wrong with it, at once."""
    with pytest.raises(StageError) as error:
        read_stage(write(tmp_path, name, text), name)
    assert error.value.problems == tuple(f"terraform/stages/{name}.tfvars: {problem}" for problem in problems)


def test_no_stage_at_all(tmp_path: Path) -> None:
    with pytest.raises(StageError) as error:
        stage_names(Project(tmp_path))
    assert str(error.value) == "there is no stage; make one: terraform/stages/dev.tfvars"


def test_stages_of_this_repository(checkout: Project) -> None:
    for name in stage_names(checkout):
        assert read_stage(checkout, name).name == name
