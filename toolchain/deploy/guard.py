"""What must not be lost: resources that hold what no apply brings back.

Decided on a plan alone, so before anything is changed. A rename without a `moved` block is a delete and a
create; a `removed` block makes Terraform forget what exists, and then create another one.
"""

from collections.abc import Collection
from dataclasses import dataclass

from toolchain.deploy.plans import Change, Plan

PRECIOUS = {
    "aws_apigatewayv2_api": "its address changes, so that no client reaches it",
    "aws_cognito_identity_pool": "all identities are lost",
    "aws_cognito_user_pool": "all users are lost",
    "aws_cognito_user_pool_client": "apps know its id: nobody can sign in with those that are out",
    "aws_db_instance": "all data in it is lost",
    "aws_db_snapshot": "the backup is lost",
    "aws_dynamodb_table": "all items are lost",
    "aws_ebs_volume": "all data on it is lost",
    "aws_ecr_repository": "all images are lost",
    "aws_efs_file_system": "all files are lost",
    "aws_kms_key": "what is encrypted with it can't be read any more",
    "aws_kms_replica_key": "what is encrypted with it can't be read any more",
    "aws_opensearch_domain": "all documents are lost",
    "aws_rds_cluster": "all data in it is lost",
    "aws_rds_global_cluster": "all data in it is lost",
    "aws_s3_bucket": "all objects are lost",
    "aws_s3_directory_bucket": "all objects are lost",
    "aws_secretsmanager_secret": "the secret is lost",
}
"""Types, and what is lost with one."""

_VERBS = {
    "delete": "deleted",
    "replace": "deleted and made anew",
    "forget": "forgotten, and made a second time",
}


@dataclass(frozen=True, slots=True)
class Loss:
    """A precious resource that a plan would destroy or lose sight of."""

    change: Change

    def __str__(self) -> str:
        """One line: what, why, and how to go on."""
        address = self.change.address
        why = f" because {', '.join(self.change.replace_paths)} changes" if self.change.replace_paths else ""
        return (
            f"{address} would be {_VERBS[self.change.kind]}{why}: {PRECIOUS[self.change.type]};"
            f" if it was renamed, add a `moved` block, or, to lose it: --allow-replace '{address}'"
        )


def find_losses(plan: Plan, allowed: Collection[str] = ()) -> list[Loss]:
    """What a plan must not do, but for the addresses that are allowed, each in full."""
    return [
        Loss(change)
        for change in plan.changes
        if change.kind in _VERBS and change.type in PRECIOUS and change.address not in allowed
    ]


def find_unfinished(plan: Plan, allowed: Collection[str] = ()) -> list[str]:
    """Addresses of what Terraform would make anew for one reason: its creation was interrupted.

    They are there, so they can be kept and finished in place:
    https://developer.hashicorp.com/terraform/cli/state/taint
    """
    return [
        loss.change.address
        for loss in find_losses(plan, allowed)
        if loss.change.reason == "replace_because_tainted"
    ]


def unused(plan: Plan, allowed: Collection[str]) -> list[str]:
    """Allowed addresses that the plan does not touch: misspelt, or done already."""
    lost = {loss.change.address for loss in find_losses(plan)}
    return sorted(set(allowed) - lost)
