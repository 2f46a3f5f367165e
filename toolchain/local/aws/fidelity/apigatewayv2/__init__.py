"""API Gateway's HTTP APIs."""

from toolchain.local.aws.fidelity.apigatewayv2 import cors, domains, references, stages, tags


def correct() -> None:
    for module in (cors, stages, domains, tags, references):
        module.correct()
