"""A stage's names: the same that terraform/ gives, so that no command but `deploy` needs Terraform."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolchain.errors import ReleaseError

ALIAS = "live"


@dataclass(frozen=True, slots=True)
class Target:
    """A stage of a project, in its account and region."""

    project: str
    stage: str
    region: str
    account_id: str

    @property
    def artifact_bucket(self) -> str:
        return f"{self.project}-{self.stage}-artifacts-{self.account_id}"

    def function_name(self, name: str) -> str:
        """What a function of the manifests is called on AWS: `shop-prod-get_me`."""
        return f"{self.project}-{self.stage}-{name}"


@dataclass(frozen=True, slots=True)
class Applied:
    """What Terraform has made: where the API is tested, and each function's version that it published."""

    api_url: str
    versions: Mapping[str, str]


def parse_outputs(outputs: Mapping[str, Any]) -> Applied:
    """The outputs of the root module, by name (`terraform output -json`, the values alone).

    Raises ReleaseError with the outputs that are missing.
    """
    missing = [name for name in ("api_url", "functions") if name not in outputs]
    if missing:
        raise ReleaseError(
            [f"terraform has no output {name}; apply the root module first" for name in missing]
        )
    functions: Mapping[str, Mapping[str, Any]] = outputs["functions"]
    return Applied(
        str(outputs.get("api_test_url", outputs["api_url"])),
        {name: str(one["version"]) for name, one in sorted(functions.items())},
    )
