"""The account and region of the local cloud."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """What ARNs are made of."""

    account_id: str
    region: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource, such as `function:users` of lambda."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"

    def function_arn(self, name: str) -> str:
        return self.arn("lambda", f"function:{name}")
