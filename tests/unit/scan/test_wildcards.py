"""What identities may do: wildcards, and policies that can't be read yet."""

import json
from typing import Any

import pytest

from tests.unit.scan.findings import findings_of
from tests.unit.scan.plans import plan, refer, resource
from toolchain.scan.policies import unread


@pytest.mark.parametrize(
    ("statement", "problems"),
    [
        ({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}, []),
        (
            {"Effect": "Allow", "Sid": "Trace", "Action": ["xray:Put", "xray:Get"], "Resource": "*"},
            ["#Trace: allows xray:Put and 1 more on every resource"],
        ),
        (
            {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::bucket/*"},
            ["#: allows s3:*; name the actions"],
        ),
        (
            {"Effect": "Allow", "Action": "*", "Resource": ["*"]},
            ["#: allows * on every resource", "#: allows *; name the actions"],
        ),
        (
            {"Effect": "Allow", "NotAction": "iam:PassRole", "Resource": "arn:aws:s3:::bucket/*"},
            ["#: allows all but what it lists; list what it allows"],
        ),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, []),
    ],
)
def test_wildcards(statement: dict[str, Any], problems: list[str]) -> None:
    """A `*` needs a reason in the ledger; what is denied does not."""
    policy = resource("aws_iam_role_policy.this", policy=json.dumps({"Statement": [statement]}))
    assert findings_of(policy) == [f"aws_iam_role_policy.this{each} [own/wildcard]" for each in problems]


def test_policy_that_is_not_known_yet() -> None:
    """It is told apart from one that was read."""
    policy = resource("aws_iam_role_policy.this", {"policy": refer("local.policy")}, policy=...)
    assert unread(plan(policy)) == ["aws_iam_role_policy.this"]
    assert findings_of(policy) == []


def test_attached_policy_of_aws() -> None:
    """What AWS wrote for everybody is a wildcard, too."""
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    narrow = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
    found = findings_of(
        resource("aws_iam_role_policy_attachment.a", policy_arn=arn),
        resource("aws_iam_role_policy_attachment.b", policy_arn=narrow),
    )
    assert found == [f"aws_iam_role_policy_attachment.a: attaches {arn}; write what it needs [own/wildcard]"]
