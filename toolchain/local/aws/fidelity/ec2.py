"""EC2: descriptions of security group rules."""

from moto.ec2.models.security_groups import SecurityGroupRule


def correct() -> None:
    _keep_descriptions_of_group_rules()


def _keep_descriptions_of_group_rules() -> None:
    """The description of a rule is lost where its source is a group: the next plan adds it again."""

    def description(self: SecurityGroupRule) -> str | None:
        group = self.source_group or {}
        return self.ip_range.get("Description") or group.get("Description")

    setattr(SecurityGroupRule, "description", property(description))  # noqa: B010  a property, for mypy too
