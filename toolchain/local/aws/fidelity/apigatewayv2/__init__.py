"""API Gateway's HTTP APIs."""

from toolchain.local.aws.fidelity.apigatewayv2 import (
    cors,
    domains,
    quick_create,
    references,
    routes,
    stages,
    tags,
)


def correct() -> None:
    for module in (cors, stages, domains, tags, references, routes, quick_create):
        module.correct()
