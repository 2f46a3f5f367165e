"""Lambda's paths: corrected apart from the rest, for moto's list of them is loaded last."""

from moto.awslambda.urls import url_paths

from toolchain.local.aws.fidelity.awslambda import account


def correct() -> None:
    account.add_path(url_paths)
