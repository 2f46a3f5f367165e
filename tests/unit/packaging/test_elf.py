"""Whether compiled objects load on the Lambda runtime."""

import random

import pytest

from tests.packaging.elf import AARCH64, I386, RISCV, UNKNOWN, X86_64, make_elf
from toolchain.packaging.elf import find_problem
from toolchain.packaging.target import Target


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(make_elf(X86_64), id="plain"),
        pytest.param(make_elf(X86_64, versions=["GLIBC_2.2.5", "GLIBC_2.34"]), id="as new as the runtime"),
        pytest.param(
            make_elf(X86_64, versions=["GLIBC_PRIVATE", "GLIBCXX_3.4.99"]), id="not a version of glibc"
        ),
        pytest.param(make_elf(X86_64, needs=[]), id="needs no library"),
    ],
)
def test_objects_that_load(content: bytes) -> None:
    assert find_problem(content, Target("x86_64")) is None


def test_the_processor_is_that_of_the_target() -> None:
    assert find_problem(make_elf(AARCH64), Target("arm64")) is None
    assert find_problem(make_elf(X86_64), Target("arm64")) == "is built for x86_64, not arm64"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (make_elf(AARCH64), "is built for arm64, not x86_64"),
        (make_elf(I386), "is built for 32-bit x86, not x86_64"),
        (make_elf(RISCV), "is built for riscv, not x86_64"),
        (make_elf(UNKNOWN), "is built for 4660, not x86_64"),
        (make_elf(X86_64, versions=["GLIBC_2.38"]), "needs glibc 2.38; the Lambda runtime has 2.34"),
        (
            make_elf(X86_64, versions=["GLIBC_2.4", "GLIBC_2.35"]),
            "needs glibc 2.35; the Lambda runtime has 2.34",
        ),
        (make_elf(X86_64, versions=["GLIBC_3.0"]), "needs glibc 3.0; the Lambda runtime has 2.34"),
        (
            make_elf(X86_64, versions=["GLIBC_ABI_DT_RELR", "GLIBC_2.34"]),
            "needs glibc 2.36; the Lambda runtime has 2.34",
        ),
        (
            make_elf(X86_64, needs=["libz.so.1", "libc.musl-x86_64.so.1"]),
            "needs musl; the Lambda runtime has glibc",
        ),
        (b"\x7fELF", "is not a readable ELF object (ELFError)"),
    ],
)
def test_objects_that_do_not_load(content: bytes, problem: str) -> None:
    assert find_problem(content, Target("x86_64")) == problem


def test_damaged_objects_are_problems_not_crashes() -> None:
    """Whatever its bytes are: a table may even be its own successor."""
    whole = make_elf(X86_64, versions=["GLIBC_2.2.5", "GLIBC_2.38"])
    chance = random.Random(0)  # noqa: S311 - the same damage in every run
    for _ in range(300):
        damaged = bytearray(whole[: chance.randrange(5, len(whole) + 1)])
        for _ in range(chance.randrange(1, 6)):
            damaged[chance.randrange(4, len(damaged))] = chance.choice((0, 255, chance.randrange(256)))
        find_problem(bytes(damaged), Target("x86_64"))


def test_a_table_that_never_ends() -> None:
    """A Verneed whose successor is itself, 4,294,967,295 times."""
    whole = bytearray(make_elf(X86_64, versions=["GLIBC_2.2.5"]))
    start = whole.index(b"\1\0\1\0")  # vn_version 1, vn_cnt 1
    whole[start + 12 : start + 16] = (0).to_bytes(4)
    section = len(whole) - 2 * 64
    whole[section + 44 : section + 48] = b"\xff\xff\xff\xff"
    assert find_problem(bytes(whole), Target("x86_64")) is None
