"""What own policies find in a plan of some resources, word for word."""

from typing import Any

from tests.unit.scan.plans import plan
from toolchain.scan.policies import examine


def findings_of(*resources: dict[str, Any], **modules: Any) -> list[str]:  # noqa: ANN401 - raw JSON
    return [str(finding) for finding in examine(plan(*resources, **modules))]
