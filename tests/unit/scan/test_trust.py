"""Whom roles trust through OpenID Connect."""

import json
from typing import Any

import pytest

from tests.unit.scan.findings import findings_of
from tests.unit.scan.plans import refer, resource

GITHUB = "token.actions.githubusercontent.com"


def _trust(*conditions: tuple[str, str, list[str]]) -> dict[str, Any]:
    """A role, its policy known only after the apply, as the provider's ARN is."""
    return resource(
        "data.aws_iam_policy_document.trust",
        json=...,
        statement=[
            {
                "actions": ["sts:AssumeRoleWithWebIdentity"],
                "principals": [{"type": "Federated", "identifiers": [None]}],
                "condition": [
                    {"test": a, "variable": f"{GITHUB}:{b}", "values": c} for a, b, c in conditions
                ],
            }
        ],
    )


AUD = ("StringEquals", "aud", ["sts.amazonaws.com"])
ROLE = resource(
    "aws_iam_role.ci",
    {
        "assume_role_policy": refer(
            "data.aws_iam_policy_document.trust.json", "data.aws_iam_policy_document.trust"
        )
    },
    assume_role_policy=...,
)


@pytest.mark.parametrize(
    ("conditions", "missing"),
    [
        ([AUD, ("StringEquals", "sub", ["repo:shop/api:environment:prod"])], []),
        ([AUD], ["sub"]),
        ([], ["aud", "sub"]),
        ([AUD, ("StringLike", "sub", ["repo:shop/api:*"])], ["sub"]),
        ([AUD, ("StringLike", "sub", ["repo:shop/api:ref"])], ["sub"]),
        ([AUD, ("StringEquals", "sub", ["repo:shop/api:*"])], ["sub"]),
        ([AUD, ("StringEquals", "sub", ["repo:shop/api:environment:prod", "repo:shop/*"])], ["sub"]),
        ([AUD, ("StringEquals", "sub", [])], ["sub"]),
        ([AUD, ("StringEqualsIfExists", "sub", ["repo:shop/api:environment:prod"])], ["sub"]),
    ],
)
def test_trust_of_github(conditions: list[tuple[str, str, list[str]]], missing: list[str]) -> None:
    """A pattern that fits one more repository lets its workflows in."""
    expected = [
        f"aws_iam_role.ci: trusts an OIDC provider without an exact {key}; "
        "use StringEquals with whole values [own/oidc_trust]"
        for key in missing
    ]
    assert findings_of(ROLE, _trust(*conditions)) == expected


def test_trust_that_is_known_already() -> None:
    """The same rule holds for the JSON of a stage that stands."""
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/x"},
        "Condition": {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}},
    }
    role = resource("aws_iam_role.ci", assume_role_policy=json.dumps({"Statement": statement}))
    assert [each.split("exact ")[1] for each in findings_of(role)] == [
        "sub; use StringEquals with whole values [own/oidc_trust]"
    ]


def test_trust_of_lambda_needs_no_subject() -> None:
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "lambda.amazonaws.com"},
    }
    role = resource("aws_iam_role.this", assume_role_policy=json.dumps({"Statement": [statement]}))
    assert findings_of(role) == []


def test_trust_that_cannot_be_read() -> None:
    """Nothing passes unread."""
    role = resource("aws_iam_role.ci", {"assume_role_policy": refer("local.trust")}, assume_role_policy=...)
    message = "assume_role_policy can't be read from the plan; write it as aws_iam_policy_document"
    assert findings_of(role) == [f"aws_iam_role.ci: {message} [own/oidc_trust]"]
