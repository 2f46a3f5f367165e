"""moto, corrected, in this process, and empty for each test."""

from collections.abc import Iterator

import pytest
from moto.core.config import default_user_config
from moto.moto_api._internal.models import moto_api_backend

from tests.integration.aws.in_process import Aws
from toolchain.local.aws.fidelity import Corrections
from toolchain.local.aws.moto_app import MotoApp


@pytest.fixture(scope="module")
def moto_app() -> MotoApp:
    """Anew for each module: others of this process leave moto with their users, whose file is closed."""
    return MotoApp(Corrections())


@pytest.fixture
def aws(moto_app: MotoApp) -> Iterator[Aws]:
    default_user_config["iam"]["load_aws_managed_policies"] = False  # a thousand, at each reset
    moto_api_backend.reset()
    yield Aws(moto_app)
    moto_api_backend.reset()
    default_user_config["iam"]["load_aws_managed_policies"] = True  # as MotoApp has it
