"""Reading wheels: what packages get from them, and what is refused."""

import struct
import zipfile
import zlib
from pathlib import Path

import deflate
import pytest

from tests.packaging.elf import AARCH64, X86_64, make_elf
from tests.packaging.wheels import Entry, make_wheel
from toolchain.errors import BuildError
from toolchain.packaging.segment import Member
from toolchain.packaging.target import Target
from toolchain.packaging.wheel import compile_wheel, read_wheel

X86 = Target("x86_64")
WHEEL = "users-1.0-py3-none-any.whl"
LINK_MODE, EXECUTABLE_MODE = 0o120777, 0o100755


def _problems(path: Path, target: Target = X86) -> tuple[str, ...]:
    with pytest.raises(BuildError) as caught:
        read_wheel(path, target)
    return caught.value.problems


def _content(member: Member) -> bytes:
    if member.method == zipfile.ZIP_STORED:
        return member.data
    return bytes(deflate.deflate_decompress(member.data, member.size))


def test_files_are_sorted_and_installers_leftovers_dropped(tmp_path: Path) -> None:
    wheel = make_wheel(
        tmp_path,
        "users",
        {
            "users/model.py": "import json",
            "users/__init__.py": "",
            "users/__pycache__/model.cpython-313.pyc": b"\0",
            "users/sourceless.pyc": b"\0",
            "users-1.0.dist-info/INSTALLER": "pip",
            "users-1.0.dist-info/REQUESTED": "",
            "users-1.0.dist-info/entry_points.txt": "[x]",
            "users-1.0.dist-info/licenses/LICENSE": "free",
            "users/data/RECORD": "not an installer's",
        },
    )
    content = read_wheel(wheel, X86)
    assert [member.name for member in content] == [
        "users-1.0.dist-info/METADATA",
        "users-1.0.dist-info/entry_points.txt",
        "users-1.0.dist-info/licenses/LICENSE",
        "users/__init__.py",
        "users/data/RECORD",
        "users/model.py",
        "users/sourceless.pyc",
    ]


def test_compressed_bytes_are_taken_over(tmp_path: Path) -> None:
    """Zopfli and the like make them smaller than we can; what is larger is compressed again."""
    text = b"".join(b"%d," % (number * number) for number in range(3000))
    best = zlib.compress(text, 9, wbits=-15)
    ours = deflate.deflate_compress(text, 6)
    wheel = make_wheel(tmp_path, "users", entries=[Entry("a.txt", text)])
    [member] = [one for one in read_wheel(wheel, X86) if one.name == "a.txt"]
    assert len(member.data) <= min(len(best), len(ours))
    assert _content(member) == text


def test_what_a_wheel_stores_is_compressed(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "users", entries=[Entry("a.txt", b"a" * 1000, method=zipfile.ZIP_STORED)])
    member = read_wheel(wheel, X86)[0]
    assert (member.name, member.method, member.size) == ("a.txt", zipfile.ZIP_DEFLATED, 1000)
    assert len(member.data) < 20
    assert _content(member) == b"a" * 1000


def test_data_directories_go_where_pip_installs_them(tmp_path: Path) -> None:
    wheel = make_wheel(
        tmp_path,
        "users",
        {
            "users-1.0.data/purelib/users/pure.py": "1",
            "users-1.0.data/platlib/users/plat.py": "1",
            "users-1.0.data/data/share/users.txt": "1",
            "users-1.0.data/scripts/users": "#!/bin/sh",
            "users-1.0.data/headers/users.h": "1",
            "my.data/purelib/users.txt": "1",
        },
    )
    assert [member.name for member in read_wheel(wheel, X86)] == [
        "bin/users",
        "my.data/purelib/users.txt",
        "share/users.txt",
        "users-1.0.dist-info/METADATA",
        "users/plat.py",
        "users/pure.py",
    ]


@pytest.mark.parametrize(
    ("script", "shipped"),
    [
        (b"#!python\nprint()", b"#!/var/lang/bin/python3.13\nprint()"),
        (b"#!pythonw\nprint()", b"#!/var/lang/bin/python3.13\nprint()"),
        (b"#!python", b"#!/var/lang/bin/python3.13"),
        (b"#!/bin/sh\necho", b"#!/bin/sh\necho"),
        (b"echo " * 100, b"echo " * 100),
    ],
)
def test_scripts_are_executable_and_start_lambdas_python(
    script: bytes, shipped: bytes, tmp_path: Path
) -> None:
    wheel = make_wheel(tmp_path, "users", {"users-1.0.data/scripts/run.py": script})
    content = read_wheel(wheel, X86)
    assert (content[0].name, content[0].executable) == ("bin/run.py", True)
    assert _content(content[0]) == shipped
    assert compile_wheel(wheel, ["bin.run"], {}) == {"bin.run": ("bin/run.py", None)}


def test_executables_stay_executable(tmp_path: Path) -> None:
    wheel = make_wheel(
        tmp_path, "users", entries=[Entry("a/run", b"x", EXECUTABLE_MODE), Entry("b/run", b"x")]
    )
    assert [(one.name, one.executable) for one in read_wheel(wheel, X86)[:2]] == [
        ("a/run", True),
        ("b/run", False),
    ]


@pytest.mark.parametrize(
    "source", ["print 'Python 2'", "{% template %}", "a = '\0'", "# coding: no-such-codec"]
)
def test_code_that_does_not_compile_is_shipped_without_bytecode(source: str, tmp_path: Path) -> None:
    """Templates and code for other versions: nobody can import them, and wheels are full of them."""
    wheel = make_wheel(tmp_path, "users", {"users/__init__.py": "", "users/template.py": source})
    content = read_wheel(wheel, X86)
    assert "users/template.py" in [member.name for member in content]
    assert compile_wheel(wheel, ["users.template"], {})["users.template"] == ("users/template.py", None)


def test_modules_are_compiled_with_what_they_reach(tmp_path: Path) -> None:
    """Not those that are known, and not those that nothing imports."""
    files = {
        "users/__init__.py": "",
        "users/model.py": "import json\nfrom users.fields import Name\nfrom mail import send",
        "users/fields.py": "from . import known",
        "users/known.py": "import users.behind",
        "users/behind.py": "",
        "users/tests.py": "",
    }
    wheel = make_wheel(tmp_path, "users", files)
    compiled = compile_wheel(wheel, ["users.model"], {"users.known": ["users.behind"]})
    assert {module: name for module, (name, _) in compiled.items()} == {
        "users": "users/__init__.py",
        "users.fields": "users/fields.py",
        "users.model": "users/model.py",
    }
    _, model = compiled["users.model"]
    assert model is not None
    assert model.imports == {"json", "users.fields", "users.fields.Name", "mail", "mail.send"}


def test_a_package_comes_before_a_module_of_its_name(tmp_path: Path) -> None:
    """As Python finds them."""
    wheel = make_wheel(tmp_path, "users", {"users.py": "import one", "users/__init__.py": "import other"})
    assert compile_wheel(wheel, ["users"], {})["users"][0] == "users/__init__.py"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("/etc/passwd", "has an absolute name, or one that only Windows understands"),
        ("C:/users.py", "has an absolute name, or one that only Windows understands"),
        ("users\\model.py", "has an absolute name, or one that only Windows understands"),
        ("..\\users.py", "has an absolute name, or one that only Windows understands"),
        ("../users.py", "would be written outside the package"),
        ("users/../../model.py", "would be written outside the package"),
        ("users/..", "would be written outside the package"),
        ("./users.py", "would be written outside the package"),
        ("users//model.py", "would be written outside the package"),
        ("users-1.0.data/data/../../x", "would be written outside the package"),
        (
            "users-1.0.data/sitelib/x",
            "is for an unknown directory; wheels have data, headers, platlib, purelib, scripts",
        ),
    ],
)
def test_names_that_lead_elsewhere(name: str, problem: str, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "users", {name: "x"})
    assert _problems(wheel) == (f"{WHEEL}: {name!r} {problem}",)


def test_a_symbolic_link(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "users", entries=[Entry("users/link.py", b"/etc/passwd", LINK_MODE)])
    assert _problems(wheel) == (f"{WHEEL}: 'users/link.py' is a symbolic link",)


def test_a_file_that_is_in_it_twice(tmp_path: Path) -> None:
    """Directly, or because .data/purelib is the same place."""
    files = {"users.py": "1", "users-1.0.data/purelib/users.py": "2"}
    assert _problems(make_wheel(tmp_path, "users", files)) == (f"{WHEEL}: users.py is in it twice",)


def test_a_compression_method_that_wheels_do_not_have(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "users", entries=[Entry("users.py", b"1", method=zipfile.ZIP_BZIP2)])
    assert _problems(wheel) == (f"{WHEEL}: 'users.py' is compressed with method 12; wheels use 0 and 8",)


def test_an_encrypted_file(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "users", {"users.py": "1"})
    _change_record(wheel, 8, struct.pack("<H", 1))
    assert _problems(wheel) == (f"{WHEEL}: 'users.py' is encrypted",)


def test_a_file_whose_checksum_is_wrong(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "users", {"users.py": "1"})
    _change_record(wheel, 16, b"\0\0\0\0")
    assert _problems(wheel) == (
        f"{WHEEL}: 'users.py' is corrupt: its size or checksum differs from what the wheel says",
    )


@pytest.mark.parametrize(
    ("size", "problem"),
    [
        (1, "it can't be decompressed"),
        (99, "it can't be decompressed"),
        (101, "its size or checksum differs from what the wheel says"),
    ],
)
def test_a_file_whose_size_is_wrong(size: int, problem: str, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "users", {"users.py": "1" * 100})
    _change_record(wheel, 24, struct.pack("<L", size))
    assert _problems(wheel) == (f"{WHEEL}: 'users.py' is corrupt: {problem}",)


def test_a_file_that_is_too_large_for_any_package(tmp_path: Path) -> None:
    """Told before memory is asked for it: what the wheel says need not be true."""
    wheel = make_wheel(tmp_path, "users", {"users.py": "1" * 100})
    _change_record(wheel, 24, struct.pack("<L", 0xFFFF0000))
    assert _problems(wheel) == (f"{WHEEL}: 'users.py' is 4095.9 MB; Lambda takes 250.0 MB in all",)


def test_a_file_that_can_not_be_decompressed(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "users", {"users.py": "1" * 100})
    content = bytearray(wheel.read_bytes())
    content[30 + len("users.py")] = 0xFF  # a block of a type that does not exist
    wheel.write_bytes(content)
    assert _problems(wheel) == (f"{WHEEL}: 'users.py' is corrupt: it can't be decompressed",)


def test_a_file_that_is_no_wheel(tmp_path: Path) -> None:
    (tmp_path / WHEEL).write_text("<html>Not Found</html>")
    assert _problems(tmp_path / WHEEL) == (f"{WHEEL} is not a readable wheel: File is not a zip file",)


def test_a_wheel_that_is_not_there(tmp_path: Path) -> None:
    [problem] = _problems(tmp_path / WHEEL)
    assert problem.startswith(f"{WHEEL} is not a readable wheel: [Errno 2] No such file or directory")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (make_elf(AARCH64), "is built for arm64, not x86_64"),
        (make_elf(X86_64, versions=["GLIBC_2.39"]), "needs glibc 2.39; the Lambda runtime has 2.34"),
        (
            make_elf(X86_64, needs=["libc.musl-x86_64.so.1"]),
            "needs musl; the Lambda runtime has glibc",
        ),
        (b"\x7fELF damaged", "is not a readable ELF object (ELFError)"),
    ],
)
def test_objects_that_would_not_load(content: bytes, problem: str, tmp_path: Path) -> None:
    """Whatever the tags in the wheel's name say, and whatever the file is called."""
    wheel = make_wheel(tmp_path, "users", {"users/_fast.so": content})
    assert _problems(wheel) == (f"{WHEEL}: users/_fast.so {problem}",)


def test_all_problems_of_a_wheel_are_reported(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "users", {"../x": "", "/y": "", "z.so": make_elf(AARCH64)})
    assert _problems(wheel) == (
        f"{WHEEL}: '../x' would be written outside the package",
        f"{WHEEL}: '/y' has an absolute name, or one that only Windows understands",
        f"{WHEEL}: z.so is built for arm64, not x86_64",
    )


def _change_record(wheel: Path, offset: int, value: bytes) -> None:
    """Overwrite a field of the first entry's record in the central directory (APPNOTE 4.3.12)."""
    content = bytearray(wheel.read_bytes())
    start = content.index(b"PK\1\2") + offset
    content[start : start + len(value)] = value
    wheel.write_bytes(content)
