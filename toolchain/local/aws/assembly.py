"""Puts the AWS endpoint together, but for what runs functions."""

from collections.abc import Callable

from toolchain.local.aws.fidelity import Corrections
from toolchain.local.aws.function_logs import Delivering, LogsHandler
from toolchain.local.aws.messages import Handler
from toolchain.local.aws.moto_app import MotoApp
from toolchain.local.cognito.hosted_ui import open_hosted_ui
from toolchain.local.cognito.http import CognitoHandler
from toolchain.local.cognito.service import Cognito

type Keep = Callable[[Handler], Handler]
"""Puts in front of moto what keeps its state."""


def assemble(
    cognito: Cognito,
    logs: tuple[Delivering, ...],
    database: tuple[str, int] | None,
    keep: Keep = lambda moto: moto,
) -> Handler:
    """What AwsEndpoint serves: Cognito, then logs, then moto.

    `logs` are brought up to date before moto answers about them; `database` is the address of the
    private MariaDB, if there is one.
    """
    moto = keep(MotoApp(Corrections(database, cognito.services.users.count)))
    pages = open_hosted_ui(cognito.services, cognito.operations)
    return CognitoHandler(cognito, pages, LogsHandler(logs, moto))
