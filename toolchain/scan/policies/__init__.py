"""Own policies: each takes a plan and gives its findings."""

from collections.abc import Callable, Iterator

from toolchain.scan.findings import Finding
from toolchain.scan.plan import Plan
from toolchain.scan.policies.exposure import cors_with_credentials, proxies_without_tls
from toolchain.scan.policies.networks import open_databases
from toolchain.scan.policies.passwords import database_passwords
from toolchain.scan.policies.trust import loose_oidc_trust
from toolchain.scan.policies.wildcards import unread, wildcards

__all__ = ["POLICIES", "examine", "unread"]

POLICIES: tuple[Callable[[Plan], Iterator[Finding]], ...] = (
    cors_with_credentials,
    proxies_without_tls,
    open_databases,
    database_passwords,
    loose_oidc_trust,
    wildcards,
)


def examine(plan: Plan) -> list[Finding]:
    """All findings of all policies, sorted."""
    return sorted({finding for policy in POLICIES for finding in policy(plan)})
