"""Packages as files: what every zip tool reads from them, and what happens when they can't be written."""

import hashlib
import zipfile
import zipimport
from pathlib import Path

import pytest

from tests.unit.small_files import no_file_larger_than
from toolchain.errors import BuildError
from toolchain.packaging.archive import Beginning
from toolchain.packaging.segment import compressed, pack


def _members(count: int) -> Beginning:
    return Beginning([pack(compressed(f"{number}", b"") for number in range(count))])


def test_attributes_do_not_depend_on_who_builds(tmp_path: Path) -> None:
    files = [
        compressed("bin/run", b"#!/bin/sh\n", executable=True),
        compressed("data", b"x" * 100),
        compressed("grüße.txt", b"x"),
    ]
    Beginning([pack(files)]).finish([], tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as package:
        entries = package.infolist()
    assert [(entry.filename, oct(entry.external_attr >> 16)) for entry in entries] == [
        ("bin/run", "0o100755"),
        ("data", "0o100644"),
        ("grüße.txt", "0o100644"),
    ]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.flag_bits for entry in entries} == {0x800}, "names are UTF-8"
    assert {(entry.create_system, entry.extra, entry.comment) for entry in entries} == {(3, b"", b"")}
    assert {(entry.extract_version, entry.volume, entry.internal_attr) for entry in entries} == {(20, 0, 0)}


def test_what_is_reported_of_a_package(tmp_path: Path) -> None:
    first, second = pack([compressed("a", b"x" * 100)]), pack([compressed("b", b"y" * 50)])
    package = Beginning([first]).finish([second], tmp_path / "x.zip")
    content = (tmp_path / "x.zip").read_bytes()
    assert package.sha256 == hashlib.sha256(content).hexdigest()
    assert package.zip_bytes == len(content)
    assert package.unzipped_bytes == 150


def test_python_imports_from_a_package(tmp_path: Path) -> None:
    Beginning([pack([compressed("greeting.py", b"TEXT = 'hello'")])]).finish([], tmp_path / "x.zip")
    code = zipimport.zipimporter(str(tmp_path / "x.zip")).get_code("greeting")
    assert "hello" in code.co_consts


@pytest.mark.parametrize("count", [0, 1, 2])
def test_zipfile_reads_all_entries(count: int, tmp_path: Path) -> None:
    _members(count).finish([], tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as package:
        assert len(package.namelist()) == count


def test_a_package_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "users.zip").mkdir()
    with pytest.raises(BuildError) as caught:
        _members(1).finish([], tmp_path / "users.zip")
    assert str(caught.value) == "dist/users.zip can't be written: Is a directory"
    assert [path.name for path in tmp_path.iterdir()] == ["users.zip"]


def test_a_disk_that_takes_half_leaves_the_old_package(tmp_path: Path) -> None:
    (tmp_path / "users.zip").write_bytes(b"old")
    with no_file_larger_than(64), pytest.raises(BuildError) as caught:
        _members(1).finish([], tmp_path / "users.zip")
    assert str(caught.value) == "dist/users.zip can't be written: File too large"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"users.zip": b"old"}
