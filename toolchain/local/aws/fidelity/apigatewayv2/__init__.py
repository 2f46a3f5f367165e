"""API Gateway's HTTP APIs."""

from toolchain.local.aws.fidelity.apigatewayv2 import domains, references, stages, tags


def correct() -> None:
    for module in (stages, domains, tags, references):
        module.correct()
