"""Sets the trace of each request in the environment without growing.

awslambdaric sets _X_AMZN_TRACE_ID before every request. glibc's setenv keeps what it replaces for good, as
somebody may still hold a pointer: a hundred bytes a request, a hundred megabytes a day of load. putenv takes
memory of ours instead, which is written anew each time.
"""

import ctypes
import os

_NAME = b"_X_AMZN_TRACE_ID"
_SIZE_BYTES = 1024


def reuse_memory(libc: ctypes.CDLL) -> None:
    """From now on, in this process and what it forks."""
    memory = ctypes.create_string_buffer(_SIZE_BYTES)
    set_by_copy = os.putenv

    def put(name: bytes, value: bytes) -> None:
        assignment = name + b"=" + value
        if name != _NAME or len(assignment) >= _SIZE_BYTES:
            set_by_copy(name, value)
            return
        memory.value = assignment
        libc.putenv(memory)

    os.putenv = put  # type: ignore[assignment]  # what os.environ calls has bytes only
