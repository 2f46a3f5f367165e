"""Whether the compiled parts of a package can be loaded on this machine."""

import platform
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

_MAGIC = b"\x7fELF"
_MACHINE_OFFSET = 18
"""Of e_machine, a half-word: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html ."""
_ARCHITECTURES = {62: "x86_64", 183: "arm64"}


def host_architecture() -> str:
    """The processor of this machine, in Lambda's word: x86_64 or arm64."""
    machine = platform.machine().lower()
    return {"amd64": "x86_64", "aarch64": "arm64"}.get(machine, machine)


def find_problem(root: Path, host: str | None = None, system: str = sys.platform) -> str | None:
    """Why the package in a directory can't run on this machine, and what to do; None when it can."""
    host = host or host_architecture()
    for path, architecture in _compiled(root):
        name = path.relative_to(root)
        if system != "linux":
            return (
                f"the package has compiled modules for Linux ({name}), which {system} can't load; "
                "run the function from source"
            )
        if architecture != host:
            return (
                f"the package was built for {architecture} ({name}), this machine is {host}; deploy builds "
                f"for this machine when the endpoint is local, as `invoke build --architecture {host}` does"
            )
    return None


def _compiled(root: Path) -> Iterator[tuple[Path, str]]:
    """The shared objects, each with what it was compiled for."""
    for path in sorted(root.rglob("*.so*")):
        with path.open("rb") as file:
            head = file.read(_MACHINE_OFFSET + 2)
        if head.startswith(_MAGIC) and len(head) == _MACHINE_OFFSET + 2:
            order = "<" if head[5] == 1 else ">"
            [machine] = struct.unpack_from(f"{order}H", head, _MACHINE_OFFSET)
            yield path, _ARCHITECTURES.get(machine, f"processor {machine}")
