"""What a server takes of the machine: its process and all that descend from it (Linux)."""

import os
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")
_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
_DATABASE = "mariadbd"


@dataclass(frozen=True, slots=True)
class Usage:
    """`pss_mb` is memory, what is shared divided among those that share it; `cpu_seconds` since the start.

    A database that is among the processes is not counted: the others have theirs elsewhere.
    """

    pss_mb: float
    cpu_seconds: float
    processes: int
    files: int


@dataclass(frozen=True, slots=True)
class _Process:
    name: str
    parent: int
    cpu_seconds: float


def measure(root: int) -> Usage:
    """Of a process and its descendants as they are now."""
    table = _processes()
    pids = [pid for pid in _descendants(root, table) if table[pid].name != _DATABASE]
    return Usage(
        pss_mb=sum(map(_pss_kib, pids)) / 1024,
        cpu_seconds=sum(table[pid].cpu_seconds for pid in pids),
        processes=len(pids),
        files=sum(map(_count_files, pids)),
    )


def process_tree(root: int) -> set[int]:
    """A process and its descendants; empty when it is gone."""
    return _descendants(root, _processes())


def _descendants(root: int, table: dict[int, _Process]) -> set[int]:
    children: dict[int, list[int]] = defaultdict(list)
    for pid, process in table.items():
        children[process.parent].append(pid)
    found, waiting = set(), [root] if root in table else []
    while waiting:
        pid = waiting.pop()
        found.add(pid)
        waiting += children[pid]
    return found


def _processes() -> dict[int, _Process]:
    return {
        int(entry.name): process
        for entry in _PROC.iterdir()
        if entry.name.isdecimal() and (process := _read(entry)) is not None
    }


def _read(entry: Path) -> _Process | None:
    """proc_pid_stat(5); the name is in parentheses, and may hold any. None if it is gone, or a zombie."""
    try:
        text = (entry / "stat").read_text(errors="replace")
    except OSError:
        return None
    name, _, rest = text.partition("(")[2].rpartition(")")
    state, parent, *fields = rest.split()
    if state == "Z":
        return None
    user, system = int(fields[9]), int(fields[10])
    return _Process(name, int(parent), (user + system) / _TICKS)


def _pss_kib(pid: int) -> int:
    try:
        found = _PSS.search((_PROC / str(pid) / "smaps_rollup").read_text())
    except OSError:
        return 0
    return int(found[1]) if found else 0


def _count_files(pid: int) -> int:
    try:
        return len(list((_PROC / str(pid) / "fd").iterdir()))
    except OSError:
        return 0
