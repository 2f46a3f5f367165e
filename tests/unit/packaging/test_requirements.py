"""Hash-pinned requirements: what is read, and what is refused."""

import pytest

from toolchain.errors import LockError
from toolchain.packaging.requirements import (
    Pin,
    applies,
    canonical_name,
    parse_requirements,
)
from toolchain.packaging.target import Target

HASH, OTHER = "a" * 64, "b" * 64


def test_pins_with_hashes_markers_and_what_asked_for_them() -> None:
    text = f"""\
# Written by `invoke lock`
Jinja_2==3.1 ; sys_platform == 'linux' \\
    --hash=sha256:{HASH} \\
    --hash=sha256:{OTHER}
    # via flask, -r functions/pages/requirements.in

users[fast]==1.0.post1+local --hash=sha256:{HASH}
"""
    assert parse_requirements(text, "requirements.txt") == (
        Pin(
            name="jinja-2",
            version="3.1",
            hashes=frozenset({HASH, OTHER}),
            marker="sys_platform == 'linux'",
            via=("flask", "-r functions/pages/requirements.in"),
        ),
        Pin("users", "1.0.post1+local", frozenset({HASH})),
    )


def test_lines_may_end_as_on_windows() -> None:
    text = f"users==1.0 \\\r\n    --hash=sha256:{HASH}\r\n    # via -r requirements.in\r\n"
    assert parse_requirements(text, "requirements.txt") == (
        Pin("users", "1.0", frozenset({HASH}), via=("-r requirements.in",)),
    )


@pytest.mark.parametrize(
    "line",
    [
        "users",
        "users>=1",
        "users==1.*",
        "users==1,<2",
        "users===1",
        "users==../1",
        "users @ https://example.com/users.whl",
        "-r other.txt",
    ],
)
def test_what_is_not_pinned_to_a_version_is_refused(line: str) -> None:
    with pytest.raises(LockError) as caught:
        parse_requirements(f"good==1.0 --hash=sha256:{HASH}\n{line} --hash=sha256:{HASH}\n", "x.txt")
    assert (
        str(caught.value) == f"x.txt: {line!r} is not pinned; use name==version, as `invoke lock` writes it"
    )


@pytest.mark.parametrize(
    "option", ["", f"--hash=sha512:{HASH * 2}", f"--hash=sha256:{HASH}f", "--hash=sha256:0"]
)
def test_what_is_not_pinned_to_a_hash_is_refused(option: str) -> None:
    with pytest.raises(LockError) as caught:
        parse_requirements(f"users==1.0 {option}\n", "functions/x/requirements.txt")
    assert str(caught.value) == "functions/x/requirements.txt: users==1.0 has no hash; run `invoke lock`"


def test_every_bad_line_is_reported() -> None:
    with pytest.raises(LockError) as caught:
        parse_requirements("users\nmail==1.0\n", "requirements.txt")
    assert caught.value.problems == (
        "requirements.txt: 'users' is not pinned; use name==version, as `invoke lock` writes it",
        "requirements.txt: mail==1.0 has no hash; run `invoke lock`",
    )


@pytest.mark.parametrize(
    ("marker", "holds"),
    [
        ("", True),
        ("sys_platform == 'linux'", True),
        ("sys_platform == 'win32'", False),
        ("platform_machine == 'aarch64'", True),
        ("platform_machine == 'x86_64'", False),
        ("python_full_version < '3.13'", False),
        ("python_version >= '3.13' and implementation_name == 'cpython'", True),
        ("platform_system == 'Linux' and os_name == 'posix'", True),
        ("extra == 'fast'", False),
    ],
)
def test_markers_are_those_of_the_runtime_not_of_this_machine(marker: str, *, holds: bool) -> None:
    pin = Pin("users", "1.0", frozenset({HASH}), marker)
    assert applies(pin, Target("arm64").marker_environment) is holds


def test_canonical_name() -> None:
    assert canonical_name("Jinja_2.Extra--x") == "jinja-2-extra-x"
