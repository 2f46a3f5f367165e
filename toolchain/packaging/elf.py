"""Whether a compiled object will load on the Lambda runtime: its processor and the glibc it needs."""

import io
import re
from itertools import islice

from elftools.common.exceptions import ELFError
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection

from toolchain.packaging.target import GLIBC_VERSION, Target

MAGIC = b"\x7fELF"
_GLIBC = re.compile(r"GLIBC_(\d+)\.(\d+)")
_PACKED_RELOCATIONS = "GLIBC_ABI_DT_RELR"  # not a symbol's version: the loader of glibc 2.36 sets it
_MOST_VERSIONS = 1000  # a damaged table may refer to itself, and pyelftools follows it
# What pyelftools raises on objects that are damaged, beside its own errors.
_UNREADABLE = (ELFError, AssertionError, AttributeError, KeyError, OverflowError, UnicodeDecodeError)
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
    except _UNREADABLE as error:
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
    libraries = islice(section.iter_versions(), _MOST_VERSIONS)
    named = (version.name for _, versions in libraries for version in versions)
    names = list(islice(named, _MOST_VERSIONS))
    versions = [(int(match[1]), int(match[2])) for name in names if (match := _GLIBC.fullmatch(name))]
    return [*versions, (2, 36)] if _PACKED_RELOCATIONS in names else versions
