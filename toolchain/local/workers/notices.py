"""The kernel's word that no file has changed (inotify): one call instead of one per file.

An event is there before the system call that caused it returns, so whoever asks after a save hears of it.
Not told are changes by other machines (network and FUSE file systems, Docker Desktop's shares), for which
nothing is promised here, and writes through memory maps.
https://man7.org/linux/man-pages/man7/inotify.7.html
"""

import ctypes
import os
import select
import sys
from pathlib import Path
from typing import Self

_MODIFY, _ATTRIB, _CLOSE_WRITE, _MOVED, _CREATE, _DELETE, _GONE = 0x2, 0x4, 0x8, 0xC0, 0x100, 0x200, 0xC00
_EVENTS = _MODIFY | _ATTRIB | _CLOSE_WRITE | _MOVED | _CREATE | _DELETE | _GONE
_BUFFER_BYTES = 1 << 16
_OF_THIS_MACHINE = frozenset(
    {"bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "overlay", "tmpfs", "xfs", "zfs"}
)


class Notices:
    """What was heard of directories since it was asked last."""

    def __init__(self, descriptor: int, libc: ctypes.CDLL, mounts: str) -> None:
        self._descriptor = descriptor
        self._libc = libc
        self._mounts = mounts
        self._news = select.poll()
        self._news.register(descriptor, select.POLLIN)

    @classmethod
    def open(cls) -> Self | None:
        """None where there is no such thing, or no more of it."""
        if sys.platform != "linux":
            return None
        libc = ctypes.CDLL(None)
        descriptor = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        return None if descriptor < 0 else cls(descriptor, libc, Path("/proc/self/mounts").read_text())

    def watch(self, directory: str) -> bool:
        """Whether all changes in a directory will be heard of from now on."""
        return (
            file_system(directory, self._mounts) in _OF_THIS_MACHINE
            and self._libc.inotify_add_watch(self._descriptor, os.fsencode(directory), _EVENTS) >= 0
        )

    def heard(self) -> bool:
        """Whether there was a change, of whatever kind and wherever."""
        return bool(self._news.poll(0)) and bool(os.read(self._descriptor, _BUFFER_BYTES))

    def close(self) -> None:
        os.close(self._descriptor)


def file_system(path: str, mounts: str) -> str:
    """The type of file system that a path is on, in view of /proc/self/mounts.

    >>> file_system("/home/ada/users", "none /home virtiofs rw 0 0")
    'virtiofs'
    """
    found = "", ""
    for line in mounts.splitlines():
        _, point, kind, *_ = line.split(" ")
        if f"{path}/".startswith(f"{_unescaped(point).rstrip('/')}/"):
            found = max(found, (point, kind), key=lambda mount: len(mount[0]))
    return found[1]


def _unescaped(mount_point: str) -> str:
    r"""Spaces are written `\040`."""
    return mount_point.encode("latin1").decode("unicode_escape")
