"""Whether a compiled object will load on the Lambda runtime: its processor and the glibc it needs."""

import io
import re

from elftools.common.exceptions import ELFError
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection

from toolchain.packaging.target import GLIBC_VERSION, Target

MAGIC = b"\x7fELF"
_GLIBC = re.compile(r"GLIBC_(\d+)\.(\d+)")
_PROCESSORS = {
    "EM_X86_64": "x86_64",
    "EM_AARCH64": "arm64",
    "EM_386": "32-bit x86",
    "EM_ARM": "32-bit arm",
    "EM_PPC64": "ppc64",
    "EM_S390": "s390x",
    "EM_RISCV": "riscv",
}


def find_problem(content: bytes, target: Target) -> str | None:
    """Why an ELF object will not load on the target: `is built for arm64, not x86_64`; None when it will."""
    try:
        elf = ELFFile(io.BytesIO(content))
        machine = str(elf["e_machine"])
        if machine != target.elf_machine:
            return f"is built for {_PROCESSORS.get(machine, machine)}, not {target.architecture}"
        if any("musl" in library for library in _needed_libraries(elf)):
            return "needs musl; the Lambda runtime has glibc"
        newest = max(_glibc_versions(elf), default=(0, 0))
    except (ELFError, KeyError, AttributeError, UnicodeDecodeError) as error:
        return f"is not a readable ELF object ({type(error).__name__})"
    if newest > GLIBC_VERSION:
        has = ".".join(map(str, GLIBC_VERSION))
        return f"needs glibc {newest[0]}.{newest[1]}; the Lambda runtime has {has}"
    return None


def _needed_libraries(elf: ELFFile) -> list[str]:
    dynamic = elf.get_section_by_name(".dynamic")
    if not isinstance(dynamic, DynamicSection):
        return []
    return [str(tag) for tag in dynamic.iter_tags("DT_NEEDED")]


def _glibc_versions(elf: ELFFile) -> list[tuple[int, int]]:
    """The versions of glibc's symbols that the object refers to (section .gnu.version_r)."""
    section = elf.get_section_by_name(".gnu.version_r")
    if not isinstance(section, GNUVerNeedSection):
        return []
    names = [version.name for _, versions in section.iter_versions() for version in versions]
    return [(int(match[1]), int(match[2])) for name in names if (match := _GLIBC.fullmatch(name))]
