"""Names on AWS, and the names that manifests use."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """Names that begin with a stage's prefix, such as `shop-dev-`; without one, all names."""

    prefix: str

    def are_ours(self, name: str) -> bool:
        """Whether a name is the stage's."""
        return name.startswith(self.prefix)

    def own(self, name: str) -> str:
        """`users` for `shop-dev-users`; `default`, which is nobody's, stays."""
        return name.removeprefix(self.prefix)

    def of_function(self, arn: str) -> str:
        """The function that an ARN means, with or without a qualifier."""
        return self.own(arn.split(":")[6])

    def is_our_function(self, arn: str) -> bool:
        """Whether an ARN is that of one of the stage's functions."""
        parts = arn.split(":")
        return len(parts) > 6 and parts[2] == "lambda" and self.are_ours(parts[6])
