"""No process outlives its parent: not even when the parent is killed and cannot clean up."""

import fcntl
import os
import sys


def hold(descriptor: int | None) -> None:
    """Have the kernel end this process group when the other end of a pipe closes.

    The pipe's reader is sent SIGIO then, whose default is to end the process. That is so on Linux;
    elsewhere SIGIO is ignored by default, and only a parent that is not killed cleans up.
    """
    if descriptor is None:
        return
    os.set_inheritable(descriptor, False)  # noqa: FBT003
    if sys.platform == "linux":
        fcntl.fcntl(descriptor, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(descriptor, fcntl.F_SETFL, os.O_ASYNC)
