"""How a server that is started treats its memory."""

import subprocess
import sys

_PROGRAM = """
import gc
from toolchain.local.up import memory
memory.begin()
print(gc.isenabled())
kept = [[] for _ in range(1000)]
circle = []
circle.append(circle)
del circle
memory.settle()
print(gc.isenabled(), gc.get_freeze_count() > 1000, gc.collect())
"""


def test_nothing_is_collected_before_all_is_there() -> None:
    """Then what is garbage goes, and what stays is never looked at again."""
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False", "True True 0"]
