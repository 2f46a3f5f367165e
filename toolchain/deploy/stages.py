"""Stages: the files `terraform/stages/<stage>.tfvars`, and no others."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolchain.deploy.tfvars import Value, parse_tfvars
from toolchain.errors import StageError
from toolchain.project import Project

LOCAL = "local"
"""The stage that is only ever deployed to the local cloud."""

_NAME = re.compile(r"[a-z][a-z0-9]{1,11}")
_ACCOUNT_ID = re.compile(r"\d{12}")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: its name is that of its file, of its workspace, and a part of every name on AWS."""

    name: str
    account_id: str
    region: str
    is_protected: bool
    path: Path


def terraform_directory(project: Project) -> Path:
    return project.root / "terraform"


def read_stage(project: Project, wanted: str) -> Stage:
    """The stage of that name. Raises StageError with what is wrong with the name or with its file."""
    name = choose_stage(wanted, stage_names(project))
    path = terraform_directory(project) / "stages" / f"{name}.tfvars"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StageError(f"{project.relative(path)} can't be read: {error}") from error
    return make_stage(name, parse_tfvars(text, project.relative(path)), path, project.relative(path))


def stage_names(project: Project) -> list[str]:
    """The names of all stages. Raises StageError when there is none."""
    names = sorted(path.stem for path in (terraform_directory(project) / "stages").glob("*.tfvars"))
    if not names:
        raise StageError("there is no stage; make one: terraform/stages/dev.tfvars")
    return names


def choose_stage(wanted: str, names: Sequence[str]) -> str:
    """The name, if it is one of the names exactly. Raises StageError with a suggestion otherwise.

    >>> choose_stage("prd", ["dev", "prod"])
    StageError: there is no stage 'prd'; did you mean prod? There are dev, prod
    """
    if wanted in names:
        return wanted
    close = difflib.get_close_matches(wanted.strip().lower(), names, n=1)
    suggestion = f"did you mean {close[0]}? There are" if close else "there are"
    raise StageError(f"there is no stage {wanted!r}; {suggestion} {', '.join(names)}")


def make_stage(name: str, variables: Mapping[str, Value], path: Path, file: str) -> Stage:
    """The stage that a file's variables describe. Raises StageError with all that is wrong with them."""
    problems = []
    if not _NAME.fullmatch(name):
        problems.append(f"{file}: the name is {name}; use 2 to 12 lower-case letters and digits")
    if variables.get("stage") != name:
        problems.append(f"{file}: stage is {_found(variables, 'stage')}; use {_quoted(name)}, as the file")
    if not _ACCOUNT_ID.fullmatch(str(variables.get("account_id"))):
        found = _found(variables, "account_id")
        problems.append(f"{file}: account_id is {found}; use the 12 digits of an AWS account, in quotes")
    if not _REGION.fullmatch(str(variables.get("region"))):
        problems.append(f'{file}: region is {_found(variables, "region")}; use a region such as "eu-west-1"')
    is_protected = variables.get("protected", True)
    if not isinstance(is_protected, bool):
        problems.append(f"{file}: protected is {_found(variables, 'protected')}; use true or false")
    if problems or not isinstance(variables["account_id"], str):
        raise StageError(problems or f"{file}: account_id is a number; write it in quotes")
    return Stage(name, variables["account_id"], str(variables["region"]), bool(is_protected), path)


def _found(variables: Mapping[str, Value], name: str) -> str:
    value = variables.get(name)
    return "missing" if value is None else _quoted(value)


def _quoted(value: Value) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()
