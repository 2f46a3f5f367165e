"""The memory of a process that loads half a million objects when it starts, and keeps them."""

import ctypes
import gc
import sys

# malloc.h of glibc; neither musl nor macOS has them.
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
_LARGE_BYTES = 1 << 16


def begin() -> None:
    """Until `settle`, look for no garbage: to look at all that stays again and again is a fifth of the start.

    What is large and let go, as texts that were read are, goes back to the system, or leaves 3 MB of holes.
    """
    gc.disable()
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(_M_ARENA_MAX, 1)
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def keep() -> None:
    """What is there now stays, modules as a rule: no collection looks at it, not even the first."""
    gc.freeze()


def settle() -> None:
    """All is there: what was needed on the way goes, and the rest stays."""
    gc.collect()
    gc.freeze()
    gc.enable()
