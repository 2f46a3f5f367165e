"""Segments: finished zip entries, kept in files and put together again."""

import zipfile
from pathlib import Path

import pytest

from toolchain.packaging.archive import Beginning
from toolchain.packaging.segment import Segment, compressed, load, pack, save

MEMBERS = [
    compressed("a.txt", b"a" * 1000),
    compressed("bin/run", b"#!/bin/sh\n", executable=True),
    compressed("empty", b""),
    compressed("grüße/名.txt", "grüße".encode()),
]


def _read(segment: Segment, path: Path) -> dict[str, bytes]:
    Beginning([segment]).finish([], path)
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def test_members_come_back_as_they_went_in() -> None:
    assert pack(MEMBERS).members() == MEMBERS


def test_content_is_deflated_where_that_makes_it_smaller() -> None:
    assert [(member.name, member.method) for member in MEMBERS] == [
        ("a.txt", zipfile.ZIP_DEFLATED),
        ("bin/run", zipfile.ZIP_STORED),
        ("empty", zipfile.ZIP_STORED),
        ("grüße/名.txt", zipfile.ZIP_STORED),
    ]


def test_size_is_that_of_the_files_unzipped() -> None:
    assert pack(MEMBERS).size == 1000 + 10 + 0 + 7


def test_contents_tell_files_apart() -> None:
    contents = dict(pack(MEMBERS).contents())
    assert list(contents) == [member.name for member in MEMBERS]
    assert contents["a.txt"] == (MEMBERS[0].crc, 1000)


def test_a_segment_less_some_members() -> None:
    rest = pack(MEMBERS).without({"a.txt", "empty", "unknown"})
    assert rest.members() == [MEMBERS[1], MEMBERS[3]]
    assert rest.size == 17


def test_saved_segments_are_the_same_when_loaded(tmp_path: Path) -> None:
    save(pack(MEMBERS), b"notes", tmp_path / "x")
    saved = load(tmp_path / "x")
    assert saved is not None
    loaded, notes = saved
    assert notes == b"notes"
    assert loaded.members() == MEMBERS
    assert loaded.size == pack(MEMBERS).size
    assert _read(loaded, tmp_path / "loaded.zip") == _read(pack(MEMBERS), tmp_path / "packed.zip")


def test_an_empty_segment_can_be_saved(tmp_path: Path) -> None:
    save(pack([]), b"", tmp_path / "x")
    saved = load(tmp_path / "x")
    assert saved is not None
    assert (saved[0].members(), saved[1]) == ([], b"")


def test_no_file_is_no_segment(tmp_path: Path) -> None:
    assert load(tmp_path / "x") is None


def test_a_segment_that_was_cut_short_is_none(tmp_path: Path) -> None:
    """Wherever it was cut: a disk was full, or the machine lost power."""
    save(pack(MEMBERS), b"notes", tmp_path / "x")
    whole = (tmp_path / "x").read_bytes()
    for length in range(0, len(whole), 7):
        (tmp_path / "x").write_bytes(whole[:length])
        assert load(tmp_path / "x") is None


def test_a_segment_of_which_one_bit_changed_is_none(tmp_path: Path) -> None:
    save(pack(MEMBERS[:2]), b"notes", tmp_path / "x")
    whole = (tmp_path / "x").read_bytes()
    for position in range(0, len(whole), 3):
        changed = bytearray(whole)
        changed[position] ^= 1
        (tmp_path / "x").write_bytes(changed)
        assert load(tmp_path / "x") is None


@pytest.mark.parametrize("content", [b"\0" * 1000, b"SEG1" + b"\0" * 36], ids=["zeros", "an earlier format"])
def test_a_file_that_is_no_segment_is_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(content)
    assert load(tmp_path / "x") is None


def test_relocated_directories_point_behind_what_comes_before(tmp_path: Path) -> None:
    first, second = pack(MEMBERS[:2]), pack(MEMBERS[2:])
    Beginning([first]).finish([second], tmp_path / "two.zip")
    Beginning([pack(MEMBERS)]).finish([], tmp_path / "one.zip")
    assert (tmp_path / "two.zip").read_bytes() == (tmp_path / "one.zip").read_bytes()
