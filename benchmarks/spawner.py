"""Starts the processes that are measured; itself a process, with as little memory as Python needs.

Linux counts what a process had before `exec` towards its peak, so a child of a large process looks large.
Reads a JSON line per request, answers with one. Runs alone, with `python -I -S`: standard library only.
"""

import json
import os
import resource
import sys
import time
from typing import Any

_OUTPUT = os.O_WRONLY | os.O_CREAT | os.O_APPEND
_STDIN, _STDOUT, _STDERR = range(3)


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Run the commands one after the other; stops at the first that fails.

    {"commands": [{"arguments": ["/bin/true"], "cwd": "/", "environment": {}}], "output": "/file"}
    -> {"seconds": 0.25, "cpu_seconds": 0.24, "peak_kib": 40960, "failed": None}
    """
    cpu_seconds, peak_kib, failed = 0.0, 0, None
    started = time.perf_counter()
    for command in request["commands"]:
        status, usage = _run_one(command, request["output"])
        cpu_seconds += usage.ru_utime + usage.ru_stime
        peak_kib = max(peak_kib, usage.ru_maxrss)
        if status:
            failed = {"arguments": command["arguments"], "status": status}
            break
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "cpu_seconds": cpu_seconds, "peak_kib": peak_kib, "failed": failed}


def _run_one(command: dict[str, Any], output: str) -> tuple[int, resource.struct_rusage]:
    """The exit status, and what it and its descendants used: time in all, memory of the largest process."""
    os.chdir(command["cwd"])
    files = [
        (os.POSIX_SPAWN_OPEN, _STDIN, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, _STDOUT, output, _OUTPUT, 0o600),
        (os.POSIX_SPAWN_DUP2, _STDOUT, _STDERR),
    ]
    arguments = command["arguments"]
    child = os.posix_spawn(arguments[0], arguments, command["environment"], file_actions=files)
    _, status, usage = os.wait4(child, 0)
    return os.waitstatus_to_exitcode(status), usage


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line))) + "\n")
        sys.stdout.flush()
