"""Clouds of tests are not left behind."""

import subprocess
import sys

from tests.integration.running_up import REPOSITORY, until
from tests.integration.workers.world import is_alive

_TEST_RUN = """
import subprocess, time
from tests.integration.running_up import end_with_this_process
cloud = subprocess.Popen(["sleep", "600"], process_group=0)
end_with_this_process(cloud.pid)
print(cloud.pid, flush=True)
time.sleep(600)
"""


def test_a_cloud_ends_with_a_test_run_that_is_killed() -> None:
    """Nobody could clean up then."""
    with subprocess.Popen(
        (sys.executable, "-c", _TEST_RUN), cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        cloud = int(run.stdout.readline())
        assert is_alive(cloud)
        run.kill()
    until(lambda: True if not is_alive(cloud) else None)
