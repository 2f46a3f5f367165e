"""Wheels that are in the cache are found there, without uv and without a network."""

from pathlib import Path

import pytest

from tests.packaging.checkouts import Checkout, admit, make_checkout, pin
from tests.packaging.wheels import make_wheel, sha256
from toolchain.errors import BuildError
from toolchain.packaging.releases import Release, Wheel, choose
from toolchain.packaging.requirements import Pin, parse_requirements
from toolchain.packaging.target import Target
from toolchain.packaging.wheelhouse import Wheelhouse, is_intact

X86 = Target("x86_64")


@pytest.fixture
def sample(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path / "checkout")


def _resolve(sample: Checkout, *lines: str) -> tuple[Wheel, ...]:
    pins = parse_requirements("".join(f"{line}\n" for line in lines), "x.txt")
    return Wheelhouse(sample.cache, sample.project.root).resolve(pins, X86, "x.txt")


def test_known_wheels_are_sorted_by_name(sample: Checkout, tmp_path: Path) -> None:
    users = admit(sample, make_wheel(tmp_path, "users"))
    mail = admit(sample, make_wheel(tmp_path, "Mail_Box"))
    assert _resolve(sample, pin(users), pin(mail)) == (
        Wheel("mail-box", "1.0", mail.name, sha256(mail)),
        Wheel("users", "1.0", users.name, sha256(users)),
    )


def test_what_is_not_for_the_runtime_is_left_out(sample: Checkout, tmp_path: Path) -> None:
    users = admit(sample, make_wheel(tmp_path, "users"))
    windows = f"colorama==1.0 ; sys_platform == 'win32' --hash=sha256:{'0' * 64}"
    assert [wheel.name for wheel in _resolve(sample, windows, pin(users, "os_name == 'posix'"))] == ["users"]


def test_a_marker_is_no_reason_to_ask_again(sample: Checkout, tmp_path: Path) -> None:
    """The same pin with and without one, in whatever order they are met."""
    users = admit(sample, make_wheel(tmp_path, "users"))
    for marker in ("", "os_name == 'posix'", "sys_platform == 'linux'", "os_name == 'posix'"):
        assert [wheel.name for wheel in _resolve(sample, pin(users, marker))] == ["users"]
    assert _resolve(sample, pin(users, "sys_platform == 'win32'")) == ()


def test_nothing_is_required(sample: Checkout) -> None:
    assert _resolve(sample) == ()


def test_a_wheel_that_changed_in_the_cache_is_noticed(sample: Checkout, tmp_path: Path) -> None:
    wheel = admit(sample, make_wheel(tmp_path, "users"))
    kept = sample.cache / "wheels" / sha256(wheel) / wheel.name
    assert is_intact(kept)
    kept.write_bytes(kept.read_bytes() + b"\0")
    assert not is_intact(kept)


def _choice(release: Release, *hashes: str, target: Target = X86) -> str:
    return choose(Pin("users", "1.0", frozenset(hashes)), release, target, "x.txt").filename


def test_the_most_specific_wheel_is_chosen() -> None:
    release = Release(
        {
            "users-1.0-py3-none-any.whl": "a",
            "users-1.0-cp39-abi3-manylinux_2_17_x86_64.whl": "b",
            "users-1.0-cp313-cp313-manylinux2014_x86_64.manylinux_2_17_x86_64.whl": "c",
            "users-1.0-cp313-cp313-manylinux_2_17_aarch64.manylinux2014_aarch64.whl": "d",
            "users-1.0-cp313-cp313-musllinux_1_2_x86_64.whl": "e",
        },
        {},
    )
    assert (
        _choice(release, *"abcde") == "users-1.0-cp313-cp313-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"
    )
    assert _choice(release, *"abe") == "users-1.0-cp39-abi3-manylinux_2_17_x86_64.whl"
    assert _choice(release, *"abcde", target=Target("arm64")).endswith("aarch64.whl")


def test_only_wheels_whose_hash_is_listed_are_chosen() -> None:
    release = Release(
        {"users-1.0-cp313-cp313-manylinux_2_17_x86_64.whl": "a", "users-1.0-py3-none-any.whl": "b"}, {}
    )
    assert _choice(release, "b") == "users-1.0-py3-none-any.whl"


def test_a_release_without_a_wheel_that_may_be_used() -> None:
    release = Release({"users-1.0-py3-none-any.whl": "a", "users-1.0-cp313-cp313-win_amd64.whl": "b"}, {})
    with pytest.raises(BuildError) as caught:
        _choice(release, "b", "c")
    assert str(caught.value) == (
        "x.txt: users==1.0 has no wheel with a listed hash for Python 3.13 on x86_64 "
        "(x86_64-manylinux_2_34); run `invoke lock`, or choose another version"
    )
