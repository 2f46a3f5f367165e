"""Who may assume a role through OpenID Connect: one exact subject for one exact audience.

docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_secure-by-default.html; a missing or
patterned `sub` lets workflows of other repositories, or of any branch, assume the role.
"""

from collections.abc import Iterator

from toolchain.scan.findings import Finding
from toolchain.scan.plan import Plan
from toolchain.scan.policy_documents import Condition, Statement, statements_of

_CHECK = "own/oidc_trust"
_ACTION = "sts:AssumeRoleWithWebIdentity"
_KEYS = ("aud", "sub")


def loose_oidc_trust(plan: Plan) -> Iterator[Finding]:
    """Roles whose trust of an OIDC provider does not name `aud` and `sub` exactly."""
    for role in plan.of("aws_iam_role"):
        statements = statements_of(plan, role, "assume_role_policy")
        if statements is None:
            message = "assume_role_policy can't be read from the plan; write it as aws_iam_policy_document"
            yield Finding(_CHECK, role.address, message)
            continue
        for statement in statements:
            yield from (Finding(_CHECK, role.address, problem) for problem in _problems(statement))


def _problems(statement: Statement) -> Iterator[str]:
    if not (statement.allows and statement.federated and _may_assume(statement)):
        return
    for key in _KEYS:
        conditions = [each for each in statement.conditions if each.key.endswith(f":{key}")]
        if not any(_is_exact(each) for each in conditions):
            yield f"trusts an OIDC provider without an exact {key}; use StringEquals with whole values"


def _may_assume(statement: Statement) -> bool:
    return any(action in (_ACTION, "sts:*", "*") for action in statement.actions)


def _is_exact(condition: Condition) -> bool:
    """Every value counts: one with a pattern is enough to let in who fits it."""
    return (
        condition.operator == "StringEquals"
        and bool(condition.values)
        and not any("*" in value or "?" in value for value in condition.values)
    )
