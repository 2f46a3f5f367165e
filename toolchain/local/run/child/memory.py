"""The most memory a process had at once."""

import os
import resource
import sys
from pathlib import Path


def peak_mb(process_id: int) -> int | None:
    """Of a running process, in MB rounded up; None where the system does not tell.

    VmHWM and not ru_maxrss: the latter starts at what the parent had when it made the process.
    """
    try:
        status = Path(f"/proc/{process_id}/status").read_text(encoding="utf-8")
    except OSError:
        return None
    kilobytes = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return -(-int(kilobytes[0]) // 1024) if kilobytes else None


def own_peak_mb() -> int:
    """Of this process, in MB rounded up; without /proc this may be the parent's, when that had more."""
    peak = peak_mb(os.getpid())
    if peak is not None:
        return peak
    unit = 1 if sys.platform == "darwin" else 1024
    return -(-resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // 1024**2)
