"""API Gateway's paths: corrected apart from the rest, for moto's list of them is loaded last."""

from moto.apigatewayv2.urls import url_paths

from toolchain.local.aws.fidelity.apigatewayv2 import tags


def correct() -> None:
    tags.add_paths(url_paths)
