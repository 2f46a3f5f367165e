"""Records of releases, and what follows from them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from toolchain.deploy.releases.history import choose, migrations_since
from toolchain.deploy.releases.record import Probe, Release, ReleasedFunction, new_id, parse_release, to_json
from toolchain.errors import ReleaseError

_RELEASE = Release(
    id="20260131T120000Z-aaaaaa",
    created="2026-01-31T12:00:00Z",
    who="arn:aws:iam::123456789012:user/ada",
    commit="c0ffee",
    is_dirty=True,
    result="live",
    api_url="https://api.example",
    functions={"health": ReleasedFunction("shop-dev-health", "7", "ab" * 32, ("http",))},
    probes=(Probe("health", "GET", "/health", "", is_public=True),),
    migrations=("0001_users",),
)


def _release(number: int, **changes: object) -> Release:
    return replace(_RELEASE, id=f"2026-{number}", **changes)  # type: ignore[arg-type]


def _edited(found: bytes, replacement: bytes) -> bytes:
    """The record, with a part of its text replaced."""
    return to_json(_RELEASE).replace(found, replacement)


def test_record_is_read_as_it_was_written() -> None:
    assert parse_release(to_json(_RELEASE), _RELEASE.key) == _RELEASE
    assert _RELEASE.key == "releases/20260131T120000Z-aaaaaa.json"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "the text: Invalid JSON: EOF while parsing a value at line 1 column 0"),
        (b"[]", "the text: Input should be an object"),
        (_edited(b'"live"', b'"over"'), "result: Input should be 'pending', 'live' or 'failed'"),
        (_edited(b'"format": 1', b'"format": 2'), "format: Input should be 1"),
    ],
)  # fmt: skip
def test_text_that_is_no_record(body: bytes, problem: str) -> None:
    with pytest.raises(ReleaseError) as error:
        parse_release(body, "releases/x.json")
    assert str(error.value) == f"releases/x.json: {problem}; written by another version of the toolchain?"


def test_ids_sort_as_releases_were_made() -> None:
    """Also when the clock of this machine is behind that of the last one."""
    now = datetime(2026, 1, 31, 12, tzinfo=UTC)
    first = new_id(now, None)
    assert first.startswith("20260131T120000Z-")
    assert new_id(now, first).startswith("20260131T120001Z-")
    assert new_id(now, "20260131T235959Z-aaaaaa").startswith("20260201T000000Z-")
    assert new_id(now, "20250101T000000Z-aaaaaa").startswith("20260131T120000Z-")


def test_choosing_what_to_go_back_to() -> None:
    first = _release(1)
    second = _release(2, previous="2026-1")
    broken = _release(3, previous="2026-2", result="failed")
    third = _release(4, previous="2026-2")
    back = _release(5, previous="2026-4", rollback_to="2026-2")
    assert choose([first, second][::-1], None, is_intact=True) is first
    assert choose([first, second, broken, third][::-1], None, is_intact=True) is second
    assert choose([first, second, broken][::-1], None, is_intact=False) is second
    history = [first, second, broken, third, back][::-1]
    assert choose(history, None, is_intact=True) is first
    assert choose(history, "2026-4", is_intact=True) is third
    assert choose(history, "2026-5", is_intact=True) is second


def test_nothing_is_no_way_to_choose() -> None:
    """A variable of the shell that is not set, where every id begins so."""
    with pytest.raises(ReleaseError) as error:
        choose([_release(2, previous="2026-1"), _release(1)], "", is_intact=True)
    assert str(error.value) == "--to is empty; `invoke releases` lists them: 2026-2, 2026-1"


def test_record_of_the_release_before_is_gone() -> None:
    with pytest.raises(ReleaseError) as error:
        choose([_release(2, previous="2026-1")], None, is_intact=True)
    assert str(error.value) == "the record of 2026-1 is gone; `invoke releases` lists them: 2026-2"


def test_migrations_that_stay_when_code_goes_back() -> None:
    """Those of failed releases, too: they have been applied."""
    releases = [
        _release(1),
        _release(2, migrations=("0002_a", "0003_b")),
        _release(3, migrations=("0004_c",), result="failed"),
    ][::-1]
    assert migrations_since(releases, releases[-1]) == ["0002_a", "0003_b", "0004_c"]
    assert migrations_since(releases, releases[0]) == []
