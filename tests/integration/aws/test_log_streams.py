"""Logs that moto gets."""

from collections.abc import Callable

import pytest
from moto.logs.models import logs_backends

from tests.integration.aws.in_process import PLACE, Aws
from toolchain.local.aws.function_logs import FunctionLogs
from toolchain.local.deployed.access_logs import AccessLogs
from toolchain.local.http_api import Api
from toolchain.local.workers.logs import LogEntry


def _of_functions(lines: int) -> Callable[[], None]:
    logs = FunctionLogs(lambda _: (PLACE.account_id, PLACE.region))

    def log() -> None:
        logs(LogEntry("users", "a-stream", None, 1, b"a line\n" * lines))
        logs.deliver()

    return log


def _of_requests(lines: int) -> Callable[[], None]:
    logs = AccessLogs()
    api = Api(PLACE.account_id, "a-stream", PLACE.region, "dev")
    write = logs.writer(api, PLACE, "/aws/lambda/users", "$context.requestId")

    def log() -> None:
        for _ in range(lines):
            write(b"{}")
        logs.deliver()

    return log


@pytest.mark.parametrize("logging", [_of_functions, _of_requests])
def test_streams_keep_their_latest_events(aws: Aws, logging: Callable[[int], Callable[[], None]]) -> None:
    """All of them would be in memory, and in every saved state."""
    aws.client("logs").create_log_group(logGroupName="/aws/lambda/users")
    log = logging(6_000)
    log()
    log()
    group = logs_backends[PLACE.account_id][PLACE.region].groups["/aws/lambda/users"]
    assert len(group.streams["a-stream"].events) == 10_000
