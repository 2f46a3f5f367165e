"""Starts a Terraform that makes nothing such that the kernel interrupts it when the deploy is killed.

    python -I -S launch_script.py PARENT PROGRAM [ARGUMENT...]

A program of its own, since a process with threads must run no Python between fork and exec. The kernel's
promise (prctl(2), PR_SET_PDEATHSIG) outlives exec; macOS has none like it, there Terraform runs to its end,
as every apply does: toolchain.deploy.interrupts says why.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    parent, program, *arguments = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != int(parent):  # killed before the kernel could know
            sys.exit(128 + signal.SIGINT)
    os.execvp(program, [program, *arguments])  # noqa: S606  the point of it
