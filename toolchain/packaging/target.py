"""What a package is built for: the Lambda runtime's Python, C library and processor."""

import functools
from dataclasses import dataclass
from typing import Literal

type Architecture = Literal["arm64", "x86_64"]

PYTHON_VERSION = (3, 13)
"""The Lambda runtime python3.13."""

GLIBC_VERSION = (2, 34)
"""Amazon Linux 2023, which Lambda's Python runtimes from 3.12 on run on."""

_MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
_ELF_MACHINES = {"arm64": "EM_AARCH64", "x86_64": "EM_X86_64"}


@dataclass(frozen=True, slots=True)
class Target:
    """A runtime to build for; `architecture` is Lambda's word: arm64 or x86_64."""

    architecture: Architecture

    @property
    def machine(self) -> str:
        """The processor as wheels and Linux call it."""
        return _MACHINES[self.architecture]

    @property
    def elf_machine(self) -> str:
        """The processor as pyelftools calls an object's `e_machine`."""
        return _ELF_MACHINES[self.architecture]

    @property
    def python_platform(self) -> str:
        """uv's name: `aarch64-manylinux_2_34`."""
        return f"{self.machine}-manylinux_{GLIBC_VERSION[0]}_{GLIBC_VERSION[1]}"

    @property
    def marker_environment(self) -> dict[str, str]:
        """What environment markers (PEP 508) evaluate to on the runtime."""
        version = ".".join(map(str, PYTHON_VERSION))
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{version}.0",
            "os_name": "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Linux",
            "platform_version": "",
            "python_full_version": f"{version}.0",
            "python_version": version,
            "sys_platform": "linux",
            "extra": "",
        }

    def tag_ranks(self) -> dict[str, int]:
        """Every wheel tag the runtime accepts, best first: `{"cp313-cp313-manylinux_2_34_x86_64": 0}`."""
        return _tag_ranks(self.machine)


@functools.cache
def _tag_ranks(machine: str) -> dict[str, int]:
    from packaging import tags  # 20 ms, and only an unknown wheel needs it

    platforms = [*_platforms(machine)]
    supported = [
        *tags.cpython_tags(PYTHON_VERSION, [f"cp{PYTHON_VERSION[0]}{PYTHON_VERSION[1]}"], platforms),
        *tags.compatible_tags(PYTHON_VERSION, "cp313", platforms),
    ]
    return {str(tag): rank for rank, tag in enumerate(supported)}


def _platforms(machine: str) -> list[str]:
    """manylinux tags down to the oldest glibc a machine had, legacy aliases beside their number (PEP 600)."""
    aliases = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
    oldest = 5 if machine == "x86_64" else 17
    platforms = []
    for minor in range(GLIBC_VERSION[1], oldest - 1, -1):
        platforms.append(f"manylinux_2_{minor}_{machine}")
        if minor in aliases:
            platforms.append(f"{aliases[minor]}_{machine}")
    return platforms
