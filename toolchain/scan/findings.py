"""What a scanner found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """`check` names the rule (`CKV_AWS_18`, `trivy/AWS-0089`, or `own/` and a policy's name), `address` the
    resource.
    """

    check: str
    address: str
    message: str

    def __str__(self) -> str:
        return f"{self.address}: {self.message} [{self.check}]"
