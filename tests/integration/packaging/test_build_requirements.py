"""Requirements that are found, downloaded and kept, or refused: by the real uv, from a real index."""

import os
import re
from pathlib import Path

import pytest

from tests.packaging.checkouts import HANDLER, Checkout, pin
from tests.packaging.index import Index, serve_index
from tests.packaging.wheels import make_wheel, sha256
from toolchain.errors import ToolchainError

FILE = "functions/people/requirements.txt"
ARM64_TAG = "cp313-cp313-manylinux_2_17_aarch64"
X86_64_TAG = "cp313-cp313-manylinux_2_17_x86_64"


def _problems(sample: Checkout, *pins: str) -> tuple[str, ...]:
    """What a build says of a function that requires the pins; it keeps nothing."""
    sample.function("people")
    sample.lock("people", *pins)
    with pytest.raises(ToolchainError) as caught:
        sample.build()
    assert [
        path for path in sample.cache.rglob("*.*") if path.parent.name not in {"declarations", "names"}
    ] == []
    assert list(sample.project.dist.glob("[!.]*")) == []
    return caught.value.problems


def _unsatisfiable(requirement: str, why: str, hint: str = "") -> str:
    return (
        f"{FILE}: no wheel for x86_64: Because {why} and you require {requirement}, we can conclude that "
        f"your requirements are unsatisfiable.{hint}"
    )


def test_wheels_are_downloaded_and_packed(index: Index, sample: Checkout, tmp_path: Path) -> None:
    pure = index.publish(make_wheel(tmp_path, "Found_Pure", {"pure.py": "", "pure.txt": "text"}))
    native = index.publish(make_wheel(tmp_path, "found_native", {"native.py": ""}, tag=X86_64_TAG))
    sample.function("people", "import pure, native\n" + HANDLER, wheels=[pure, native])
    assert sample.statuses() == {"people": "built"}
    assert {"pure.py", "pure.txt", "native.py", "__pycache__/pure.cpython-313.pyc"} <= {
        *sample.names("people")
    }
    kept = sorted(path.name for path in (sample.cache / "wheels").glob("*/*"))
    assert kept == ["Found_Pure-1.0-py3-none-any.whl", f"found_native-1.0-{X86_64_TAG}.whl"]


def test_a_download_that_was_killed_is_cleaned_up(index: Index, sample: Checkout, tmp_path: Path) -> None:
    half = sample.cache / "wheels" / ("0" * 64) / ".cut-1.0-py3-none-any.whl.0123456789abcdef"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"PK")
    os.utime(half, (0, 0))
    sample.function("people", wheels=[index.publish(make_wheel(tmp_path, "after_a_kill", {"a.py": ""}))])
    sample.build()
    assert [path.name for path in (sample.cache / "wheels").glob("*/*")] == [
        "after_a_kill-1.0-py3-none-any.whl"
    ]


def test_each_architecture_gets_its_wheel(index: Index, sample: Checkout, tmp_path: Path) -> None:
    wheels = [
        index.publish(make_wheel(tmp_path, "both", {f"{tag}.txt": ""}, tag=tag))
        for tag in (X86_64_TAG, ARM64_TAG)
    ]
    line = f"both==1.0 --hash=sha256:{sha256(wheels[0])} --hash=sha256:{sha256(wheels[1])}"
    for name, architecture in (("letters", "arm64"), ("people", "x86_64")):
        sample.function(name, architecture=architecture)
        sample.lock(name, line)
    sample.build()
    assert f"{ARM64_TAG}.txt" in sample.names("letters")
    assert f"{X86_64_TAG}.txt" in sample.names("people")


def test_a_warm_cache_needs_no_index(
    sample: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither for a build from nothing, nor for a new function whose pins were met before."""
    with serve_index(tmp_path) as index:
        for name, value in index.environment.items():
            monkeypatch.setenv(name, value)
        one = index.publish(make_wheel(tmp_path, "warm_one", {"one.py": ""}))
        two = index.publish(make_wheel(tmp_path, "warm_two", {"two.py": ""}))
        sample.function("people", wheels=[one, two])
        sample.build()
        before = sample.dist()
    sample.build(clean=True)
    assert sample.dist() == before
    sample.function("letters", wheels=[two])
    assert sample.statuses() == {"letters": "built", "people": "reused"}


def test_an_index_that_does_not_answer(
    sample: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One question, one answer: not one for each pin."""
    with serve_index(tmp_path) as index:
        for name, value in index.environment.items():
            monkeypatch.setenv(name, value)
    [problem] = _problems(
        sample, f"gone==1.0 --hash=sha256:{'0' * 64}", f"lost==1.0 --hash=sha256:{'0' * 64}"
    )
    page = f"{index.url}/simple/(gone|lost)/"
    assert re.fullmatch(
        f"{FILE}: the package index can't be asked for wheels: Failed to fetch: {page} "
        rf"error sending request for url \({page}\) client error \(Connect\) tcp connect error "
        r"Connection refused \(os error \d+\)",
        problem,
    )


@pytest.mark.usefixtures("index")
def test_a_distribution_that_is_not_there(sample: Checkout) -> None:
    assert _problems(sample, f"not-there==1.0 --hash=sha256:{'0' * 64}") == (
        _unsatisfiable("not-there==1.0", "not-there was not found in the package registry"),
    )


def test_a_version_that_is_not_there(index: Index, sample: Checkout, tmp_path: Path) -> None:
    wheel = index.publish(make_wheel(tmp_path, "other_version", {}))
    assert _problems(sample, pin(wheel).replace("1.0", "2.0")) == (
        _unsatisfiable("other-version==2.0", "there is no version of other-version==2.0"),
    )


@pytest.mark.parametrize(
    "platform", ["manylinux_2_17_aarch64", "musllinux_1_2_x86_64", "manylinux_2_39_x86_64"]
)
def test_wheels_for_other_platforms_only(
    platform: str, index: Index, sample: Checkout, tmp_path: Path
) -> None:
    """Another processor, another C library, a newer one."""
    name = f"only-{platform.replace('_', '-')}"
    wheel = index.publish(make_wheel(tmp_path, name.replace("-", "_"), {}, tag=f"cp313-cp313-{platform}"))
    assert _problems(sample, pin(wheel)) == (
        _unsatisfiable(
            f"{name}==1.0",
            f"{name}==1.0 has no wheels with a matching platform tag (e.g., `manylinux_2_34_x86_64`)",
            f" hint: Wheels are available for `{name}` (v1.0) on the following platform: `{platform}`",
        ),
    )


def test_every_requirement_without_a_wheel(index: Index, sample: Checkout, tmp_path: Path) -> None:
    fine = index.publish(make_wheel(tmp_path, "among_others", {}))
    no_hash = f"--hash=sha256:{'0' * 64}"
    assert _problems(sample, pin(fine), f"missing-one==1.0 {no_hash}", f"missing-two==1.0 {no_hash}") == (
        _unsatisfiable("missing-one==1.0", "missing-one was not found in the package registry"),
        _unsatisfiable("missing-two==1.0", "missing-two was not found in the package registry"),
    )


def test_wheels_whose_hashes_are_not_listed(index: Index, sample: Checkout, tmp_path: Path) -> None:
    """As when a wheel was added to a release after the lock: it may be anybody's. All of them are named."""
    for name in ("hash_one", "hash_two"):
        index.publish(make_wheel(tmp_path, name, {}))
    assert _problems(
        sample, *(f"hash-{name}==1.0 --hash=sha256:{'0' * 64}" for name in ("one", "two"))
    ) == tuple(
        f"{FILE}: hash-{name}==1.0 has no wheel with a listed hash for Python 3.13 on x86_64 "
        "(x86_64-manylinux_2_34); run `invoke lock`, or choose another version"
        for name in ("one", "two")
    )


def test_an_index_that_sends_something_else(index: Index, sample: Checkout, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "forged", {"forged.py": ""})
    evil = make_wheel(tmp_path / "evil", "forged", {"forged.py": "import os"})
    index.publish(wheel, serve=evil)
    assert _problems(sample, pin(wheel)) == (
        f"{FILE}: {wheel.name} has SHA-256 {sha256(evil)}, not {sha256(wheel)}; nothing was kept",
    )


def test_a_wheel_that_can_not_be_downloaded(index: Index, sample: Checkout, tmp_path: Path) -> None:
    wheel = index.publish(make_wheel(tmp_path, "withdrawn", {}))
    metadata = index.root / "files" / f"{wheel.name}"
    metadata.write_bytes(wheel.read_bytes())
    page = index.root / "simple" / "withdrawn" / "index.html"
    page.write_text(page.read_text().replace("../../files/", "../../gone/"))
    [problem] = _problems(sample, pin(wheel))
    assert problem == f"{FILE}: {wheel.name} could not be downloaded: 404 File not found"


def test_an_index_that_wants_a_login(
    sample: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In its address, as uv takes it; a wheel that needs another one says so, and no secret."""
    with serve_index(tmp_path, "team:s3cr3t@1") as index:
        wheel = index.publish(make_wheel(tmp_path, "private", {"private.py": ""}))
        for name, value in index.environment.items():
            monkeypatch.setenv(name, value.replace("http://", "http://team:s3cr3t%401@"))
        sample.function("people", wheels=[wheel])
        sample.build()
    assert "private.py" in sample.names("people")


def test_yanked_releases(index: Index, sample: Checkout, tmp_path: Path) -> None:
    loses = index.publish(make_wheel(tmp_path, "yanked_one", {}), yanked="loses rows")
    silent = index.publish(make_wheel(tmp_path, "yanked_two", {}), yanked="")
    assert _problems(sample, pin(loses), pin(silent)) == (
        f"{FILE}: yanked-one==1.0 was yanked (loses rows); run `invoke lock --upgrade`",
        f"{FILE}: yanked-two==1.0 was yanked (no reason given); run `invoke lock --upgrade`",
    )


def test_an_index_without_hashes(index: Index, sample: Checkout, tmp_path: Path) -> None:
    """They are optional in a page (PEP 503); ours are in the lock."""
    wheel = index.publish(make_wheel(tmp_path, "unhashed", {"unhashed.py": ""}), announced=None)
    sample.function("people", wheels=[wheel])
    sample.build()
    assert "unhashed.py" in sample.names("people")


def test_requirements_for_another_system(index: Index, sample: Checkout, tmp_path: Path) -> None:
    """They are never asked for: this one is nowhere."""
    wheel = index.publish(make_wheel(tmp_path, "on_linux", {"on_linux.py": ""}))
    sample.function("people")
    sample.lock(
        "people",
        pin(wheel, "sys_platform == 'linux' and platform_machine == 'x86_64'"),
        f"nowhere==1.0 ; sys_platform == 'win32' --hash=sha256:{'0' * 64}",
        f"nowhere-else==1.0 ; platform_machine == 'aarch64' --hash=sha256:{'0' * 64}",
    )
    sample.build()
    assert "on_linux.py" in sample.names("people")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"filename": 1, "sha256": []}', b"\xff"])
def test_choices_that_were_damaged_are_made_again(
    content: bytes, index: Index, sample: Checkout, tmp_path: Path
) -> None:
    wheel = index.publish(make_wheel(tmp_path, "chosen", {"chosen.py": ""}))
    sample.function("people", wheels=[wheel])
    sample.build()
    before = sample.dist()
    [choice] = (sample.cache / "choices").rglob("*.json")
    choice.write_bytes(content)
    sample.build(clean=True)
    assert sample.dist() == before
    assert choice.read_bytes() != content


def test_a_find_links_directory(sample: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """uv's settings apply: here a directory instead of an index, and a name with a space in it."""
    wheel = make_wheel(tmp_path / "my wheels", "flat", {"flat.py": ""})
    for name, value in {"UV_NO_INDEX": "1", "UV_FIND_LINKS": str(tmp_path / "my wheels")}.items():
        monkeypatch.setenv(name, value)
    sample.function("people", wheels=[wheel])
    sample.build()
    assert "flat.py" in sample.names("people")
