"""Where moto differs from AWS, and clients notice: a module for each service, a function for each fault.

Written against moto 5.2.5. Corrections change moto's classes, for the whole process, and once.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from toolchain.local.aws.fidelity import apigatewayv2, cognitoidp, conditional_writes, rds_address, s3, sqs
from toolchain.local.aws.fidelity.later import when_imported

_applied = threading.Lock()


@dataclass(frozen=True, slots=True)
class Corrections:
    """What corrections need to know: where the real database is, and how many users a pool has."""

    database: tuple[str, int] | None = None
    count_users: Callable[[str], int] = lambda _pool_id: 0


def correct_moto(corrections: Corrections) -> None:
    """Correct moto. Called again, only what corrections need to know is changed."""
    rds_address.set_address(corrections.database)
    cognitoidp.set_user_count(corrections.count_users)
    if not _applied.acquire(blocking=False):
        return
    for module in (apigatewayv2, cognitoidp, conditional_writes, s3, sqs):
        module.correct()
    when_imported("moto.awslambda.responses", _correct_lambda)
    when_imported("moto.ec2.models", _correct_ec2)
    when_imported("moto.rds.models", _correct_rds)


def _correct_lambda() -> None:
    from toolchain.local.aws.fidelity import lambda_aliases

    lambda_aliases.correct()


def _correct_ec2() -> None:
    from toolchain.local.aws.fidelity import ec2

    ec2.correct()


def _correct_rds() -> None:
    from toolchain.local.aws.fidelity import rds

    rds.correct()
