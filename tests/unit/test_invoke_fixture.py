"""What a function finds that a test calls with the fixture `invoke`."""

import os
from collections.abc import Callable
from typing import Any

from lib.context import LambdaContext
from lib.logging import logged, logger
from tests.unit.functions.conftest import invoke
from tests.unit.log_records import recorded

__all__ = ["invoke"]


def test_the_environment_is_that_of_run_local(invoke: Callable[..., Any]) -> None:
    """Lambda's variables, the platform's and the manifest's; without those of a shell."""

    def handler(_event: object, _context: LambdaContext) -> dict[str, str | None]:
        names = (
            "RESOURCE_PREFIX",
            "BUCKET_SUFFIX",
            "AWS_REGION",
            "AWS_LAMBDA_FUNCTION_NAME",
            "RETENTION_DAYS",
        )
        return {name: os.environ.get(name) for name in names}

    assert invoke("purge_deleted_users", handler) == {
        "RESOURCE_PREFIX": "",
        "BUCKET_SUFFIX": "",
        "AWS_REGION": "eu-west-1",
        "AWS_LAMBDA_FUNCTION_NAME": "purge_deleted_users",
        "RETENTION_DAYS": "30",
    }


def test_records_name_the_function(invoke: Callable[..., Any]) -> None:
    """Though functions share a process here, and with it the logger."""

    @logged
    def handler(_event: object, _context: LambdaContext) -> None:
        logger.info("called")

    with recorded() as records:
        invoke("health", handler)
        invoke("get_me", handler)
    assert [record["service"] for record in records] == ["health", "get_me"]
