"""Where moto differs from AWS, and clients notice: a module for each service, a function for each fault.

Written against moto 5.2.5. Corrections change moto's classes, for the whole process, and once.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module

from toolchain.local.aws.fidelity import cognitoidp, rds_address, regions, resources
from toolchain.local.aws.fidelity.later import when_imported

_applied = threading.Lock()
# Which correction follows which module of moto.
_CORRECTIONS = {
    "moto.acm.models": "acm",
    "moto.apigatewayv2.responses": "apigatewayv2",
    "moto.apigatewayv2.urls": "apigatewayv2_urls",
    "moto.awslambda.responses": "awslambda",
    "moto.awslambda.urls": "awslambda_urls",
    "moto.budgets.responses": "budgets",
    "moto.ec2.models": "ec2",
    "moto.iam.models": "iam",
    "moto.kms.responses": "kms",
    "moto.logs.responses": "logs",
    "moto.rds.models": "rds",
    "moto.rds.responses": "rds_proxies",
    "moto.s3.responses": "s3",
    "moto.sns.responses": "sns",
    "moto.sqs.models": "sqs",
}


@dataclass(frozen=True, slots=True)
class Corrections:
    """What corrections need to know: where the real database is, and how many users a pool has."""

    database: tuple[str, int] | None = None
    count_users: Callable[[str], int] = lambda _pool_id: 0


def correct_moto(corrections: Corrections) -> None:
    """Correct moto: each service when it is loaded. Called again, only what corrections need is changed."""
    rds_address.set_address(corrections.database)
    cognitoidp.set_user_count(corrections.count_users)
    if not _applied.acquire(blocking=False):
        return
    regions.correct()
    resources.correct()
    cognitoidp.correct()
    for module, correction in _CORRECTIONS.items():
        when_imported(module, partial(_correct, correction))


def _correct(name: str) -> None:
    import_module(f"{__name__}.{name}").correct()
