"""EC2: descriptions of security group rules.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
"""

import inspect
from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule


def correct() -> None:
    _keep_descriptions()


def _keep_descriptions() -> None:
    """The description of a rule is lost where its source is a group or a prefix list: the next plan adds it
    again.
    """
    original = SecurityGroupRule.__init__
    parameters = inspect.signature(original)

    def init(self: SecurityGroupRule, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  moto's own arguments
        original(self, *args, **kwargs)
        given = parameters.bind(self, *args, **kwargs).arguments
        self.__dict__["prefix_list"] = given.get("prefix_list_id") or {}

    def description(self: SecurityGroupRule) -> str | None:
        sources = (self.ip_range, self.source_group or {}, vars(self).get("prefix_list", {}))
        return next((found for source in sources if (found := source.get("Description"))), None)

    SecurityGroupRule.__init__ = init  # type: ignore[method-assign]
    setattr(SecurityGroupRule, "description", property(description))  # noqa: B010  a property, for mypy too
