"""What packages take from the repository, and what they refuse to take."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from toolchain.errors import BuildError
from toolchain.packaging.sources import Source, digest, read_included, read_tree


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with an empty lib/, and something outside of it."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.py").write_text("SECRET = 1")
    (tmp_path / "repository" / "lib").mkdir(parents=True)
    return tmp_path / "repository"


def _write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)


def _names(root: Path, directory: str = "lib") -> list[str]:
    return [source.name for source in read_tree(root, root / directory)]


def _problems(root: Path) -> tuple[str, ...]:
    with pytest.raises(BuildError) as caught:
        read_tree(root, root / "lib")
    return caught.value.problems


def test_all_files_sorted_by_name(root: Path) -> None:
    _write(root, "lib/b.py", "lib/a/z.txt", "lib/a.py", "lib/a/py.typed", "lib/B.py")
    assert _names(root) == ["lib/B.py", "lib/a.py", "lib/a/py.typed", "lib/a/z.txt", "lib/b.py"]


def test_an_empty_tree(root: Path) -> None:
    assert read_tree(root, root / "lib") == ()


def test_hidden_files_bytecode_and_backups_stay_behind(root: Path) -> None:
    _write(root, "lib/x.py", "lib/x.py~", "lib/.x.py.swp", "lib/.git/config", "lib/x.pyc")
    _write(root, "lib/__pycache__/x.cpython-313.pyc", "lib/.DS_Store")
    assert _names(root) == ["lib/x.py"]


def test_declarations_stay_behind_but_not_files_of_the_same_name(root: Path) -> None:
    names = ("function.yaml", "requirements.in", "requirements.txt")
    _write(root, "functions/x/handler.py", *(f"functions/x/{name}" for name in names))
    _write(root, *(f"functions/x/templates/{name}" for name in names))
    assert _names(root, "functions/x") == [
        "functions/x/handler.py",
        *(f"functions/x/templates/{name}" for name in names),
    ]


def test_scripts_and_programs_are_executable_whatever_their_mode(root: Path) -> None:
    contents = {"a.sh": b"#!/bin/sh", "b": b"\x7fELF", "c.py": b"# !", "d": b""}
    for name, content in contents.items():
        (root / "lib" / name).write_bytes(content)
    (root / "lib" / "d").chmod(0o755)
    executable = {source.name: source.executable for source in read_tree(root, root / "lib")}
    assert executable == {"lib/a.sh": True, "lib/b": True, "lib/c.py": False, "lib/d": False}


def test_links_inside_the_repository_are_what_they_lead_to(root: Path) -> None:
    _write(root, "shared/users.py", "shared/more/mail.py")
    (root / "lib" / "users.py").symlink_to("../shared/users.py")
    (root / "lib" / "more").symlink_to(root / "shared" / "more")
    assert read_tree(root, root / "lib") == (
        Source("lib/more/mail.py", b"shared/more/mail.py"),
        Source("lib/users.py", b"shared/users.py"),
    )


def test_a_repository_that_is_reached_through_a_link(root: Path) -> None:
    _write(root, "lib/users.py")
    (root / "lib" / "again.py").symlink_to("users.py")
    (root.parent / "link").symlink_to(root)
    assert _names(root.parent / "link") == ["lib/again.py", "lib/users.py"]


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("../../outside/secret.py", "leads out of the repository; copy what it needs to here"),
        ("../../outside", "leads out of the repository; copy what it needs to here"),
        ("/etc/passwd", "leads out of the repository; copy what it needs to here"),
        ("/", "leads out of the repository; copy what it needs to here"),
        ("gone.py", "is a symbolic link to nothing"),
        ("link", "is a symbolic link to nothing"),
        (".", "is a symbolic link to a directory that contains it"),
        ("..", "is a symbolic link to a directory that contains it"),
    ],
)
def test_links_that_lead_nowhere_good(target: str, problem: str, root: Path) -> None:
    (root / "lib" / "link").symlink_to(target)
    assert _problems(root) == (f"lib/link {problem}",)


def test_directories_that_link_to_each_other(root: Path) -> None:
    _write(root, "lib/a/x.py", "lib/b/y.py")
    (root / "lib" / "a" / "to_b").symlink_to("../b")
    (root / "lib" / "b" / "to_a").symlink_to("../a")
    assert _problems(root) == (
        "lib/a/to_b/to_a is a symbolic link to a directory that contains it",
        "lib/b/to_a/to_b is a symbolic link to a directory that contains it",
    )


def test_a_link_through_a_link_that_leads_out(root: Path) -> None:
    (root / "first").symlink_to("../outside")
    (root / "lib" / "second").symlink_to("../first/secret.py")
    assert _problems(root) == ("lib/second leads out of the repository; copy what it needs to here",)


def test_what_is_neither_file_nor_directory(root: Path) -> None:
    os.mkfifo(root / "lib" / "pipe")
    assert _problems(root) == ("lib/pipe is neither a file nor a directory",)


def test_a_name_that_is_not_utf8(root: Path) -> None:
    (root / "lib" / os.fsdecode(b"gr\xfc\xdfe.py")).touch()
    assert _problems(root) == ("lib/gr\\udcfc\\udcdfe.py: its name is not UTF-8",)


def test_what_can_not_be_read() -> None:
    """Not below tmp_path: root reads everything, and nobody else may look into root's."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        _write(root, "lib/secret.py", "lib/secrets/x.py")
        root.chmod(0o755)
        (root / "lib" / "secret.py").chmod(0)
        (root / "lib" / "secrets").chmod(0)
        with _unprivileged():
            problems = _problems(root)
        (root / "lib" / "secrets").chmod(0o755)
    assert problems == (
        "lib/secret.py can't be read: Permission denied",
        "lib/secrets can't be read: Permission denied",
    )


@contextlib.contextmanager
def _unprivileged() -> Iterator[None]:
    """Be nobody for a while, where the tests run as root."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_directory_that_is_not_there(root: Path) -> None:
    (root / "lib").rmdir()
    assert _problems(root) == ("lib can't be read: No such file or directory",)


def test_every_problem_is_reported(root: Path) -> None:
    (root / "lib" / "a").symlink_to("gone")
    (root / "lib" / "b").symlink_to("/etc/passwd")
    assert _problems(root) == (
        "lib/a is a symbolic link to nothing",
        "lib/b leads out of the repository; copy what it needs to here",
    )


def test_included_files_keep_their_paths(root: Path) -> None:
    _write(root, "migrations/2.sql", "migrations/1.sql", "migrations/x.txt", "data/deep/er/a.json")
    included = read_included(root, ["migrations/*.sql", "data/**/*", "migrations/1.sql"], "function.yaml")
    assert [source.name for source in included] == [
        "data/deep/er/a.json",
        "migrations/1.sql",
        "migrations/2.sql",
    ]


def test_bytecode_is_never_included(root: Path) -> None:
    """Packages have their own: the same name would be in them twice."""
    _write(root, "more/x.py", "more/__pycache__/x.cpython-313.pyc", "more/old.pyc")
    assert [source.name for source in read_included(root, ["more/**/*"], "function.yaml")] == ["more/x.py"]


def test_included_files_that_are_not_there_or_lead_out(root: Path) -> None:
    _write(root, "empty/.keep/x")
    (root / "secrets").symlink_to("../outside")
    (root / "dangling").symlink_to("gone")
    with pytest.raises(BuildError) as caught:
        read_included(
            root, ["migrations/*.sql", "empty", "secrets/*.py", "dangling"], "functions/x/function.yaml"
        )
    assert caught.value.problems == (
        "functions/x/function.yaml: include 'dangling' matches no file",
        "functions/x/function.yaml: include 'empty' matches no file",
        "functions/x/function.yaml: include 'migrations/*.sql' matches no file",
        "secrets/secret.py leads out of the repository; copy what it needs to here",
    )


def test_digest_is_of_names_and_contents() -> None:
    sources = [Source("a", b"1"), Source("b", b"2")]
    assert digest(sources) == digest(list(sources))
    others = [
        [Source("a", b"1")],
        [Source("a", b"1"), Source("b", b"3")],
        [Source("a", b"1"), Source("c", b"2")],
        [Source("a", b"1b\x001\x002")],
        [Source("a1", b""), Source("b", b"2")],
    ]
    assert len({digest(sources), *map(digest, others)}) == 6
