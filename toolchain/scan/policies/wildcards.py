"""What identities may do: every `*` needs a reason, which the ledger holds."""

import re
from collections.abc import Iterator

from toolchain.scan.findings import Finding
from toolchain.scan.plan import Plan, Resource
from toolchain.scan.policy_documents import Statement, statements_of

_CHECK = "own/wildcard"
_POLICIES = ("aws_iam_role_policy", "aws_iam_policy", "aws_iam_group_policy", "aws_iam_user_policy")
_BROAD = re.compile(r":aws:policy/(.*/)?\w*(FullAccess|AdministratorAccess|PowerUserAccess|ReadOnlyAccess)$")


def wildcards(plan: Plan) -> Iterator[Finding]:
    """Policies of roles, groups and users that allow all resources, or actions by a pattern.

    A policy that is known only after the apply passes here; `unread` tells of it.
    """
    for policy in plan.of(*_POLICIES):
        for statement in statements_of(plan, policy, "policy") or ():
            yield from _findings(policy, statement)
    for attachment in plan.of("aws_iam_role_policy_attachment"):
        arn = attachment.values.get("policy_arn") or ""
        if _BROAD.search(arn):
            yield Finding(_CHECK, attachment.address, f"attaches {arn}; write what it needs")


def unread(plan: Plan) -> list[str]:
    """Addresses of policies that only a later plan tells: they name what this one makes."""
    policies = plan.of(*_POLICIES)
    return sorted(each.address for each in policies if statements_of(plan, each, "policy") is None)


def _findings(policy: Resource, statement: Statement) -> Iterator[Finding]:
    """Each statement is accepted or not by itself, so its Sid is part of the address."""
    if not statement.allows:
        return
    address = f"{policy.address}#{statement.sid}"
    if statement.excludes:
        yield Finding(_CHECK, address, "allows all but what it lists; list what it allows")
    if "*" in statement.resources:
        yield Finding(_CHECK, address, f"allows {_shown(statement)} on every resource")
    for action in statement.actions:
        if "*" in action:
            yield Finding(_CHECK, address, f"allows {action}; name the actions")


def _shown(statement: Statement) -> str:
    first, *rest = statement.actions or ("nothing",)
    return f"{first} and {len(rest)} more" if rest else first
