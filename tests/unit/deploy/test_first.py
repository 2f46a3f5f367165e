"""What a first deploy applies before all else, and where terraform/ declares it."""

import re
from pathlib import Path

import pytest

from toolchain.deploy.deployment import FIRST

_TERRAFORM = Path(__file__).parents[3] / "terraform"


def _declared(folder: Path) -> set[str]:
    """`terraform_data.stage_rules` of each resource in the folder's files."""
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.tf")]
    found = [re.findall(r'^resource "(\w+)" "(\w+)"', text, re.MULTILINE) for text in texts]
    return {f"{kind}.{name}" for resources in found for kind, name in resources}


@pytest.mark.parametrize("address", FIRST)
def test_each_is_declared(address: str) -> None:
    """Terraform plans nothing for a target that it does not know, and says so in a warning only."""
    *module, kind, name = address.split(".")
    folder = _TERRAFORM / "modules" / module[1] if module else _TERRAFORM
    assert f"{kind}.{name}" in _declared(folder)


def test_every_rule_is_checked_first() -> None:
    rules = {address for address in _declared(_TERRAFORM) if address.startswith("terraform_data.")}
    assert rules
    assert rules <= set(FIRST)
