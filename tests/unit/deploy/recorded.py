"""Plans of tests/projects/deploy, as `terraform show -json` (1.11.4, AWS provider 5.100.0) told them.

Resources that do not change were left out, and so were configuration, state and planned values.
"""

import json
from pathlib import Path
from typing import Any

from toolchain.deploy.plans import Plan, parse_plan

_DIRECTORY = Path(__file__).with_name("plans")


def read_document(name: str) -> dict[str, Any]:
    """A plan as Terraform told it."""
    document: dict[str, Any] = json.loads((_DIRECTORY / f"{name}.json").read_bytes())
    return document


def read_plan(name: str) -> Plan:
    """A plan as this toolchain reads it."""
    return parse_plan(read_document(name))
