"""What `invoke releases` prints."""

import io
import json

from toolchain.deploy.releases.console import print_json, print_releases
from toolchain.deploy.releases.record import Release, ReleasedFunction


def _release(number: int, versions: dict[str, str], **changes: object) -> Release:
    settings: dict[str, object] = {
        "id": f"2026013{number}T120000Z-aaaaaa",
        "created": f"2026-01-3{number}T12:00:00Z",
        "who": "arn:aws:sts::123456789012:assumed-role/deployer/ada",
        "commit": "c0ffee0123456789",
        "is_dirty": False,
        "result": "live",
        "api_url": "https://api.example",
        "functions": {name: ReleasedFunction(name, version, "00") for name, version in versions.items()},
        **changes,
    }
    return Release(**settings)  # type: ignore[arg-type]


_FIRST = _release(0, {"a": "1", "b": "1"}, migrations=("0001_a", "0002_b"), is_dirty=True)
_SECOND = _release(1, {"a": "2", "b": "1"}, previous=_FIRST.id)
_FAILED = _release(2, {"a": "3", "b": "3"}, previous=_SECOND.id, result="failed", reason="GET /: 500\nmore")
_BACK = _release(3, {"a": "1", "b": "1"}, previous=_SECOND.id, rollback_to=_FIRST.id, commit=None)
_HISTORY = [_BACK, _FAILED, _SECOND, _FIRST]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


def test_table_of_releases() -> None:
    output = io.StringIO()
    print_releases(_HISTORY, 3, output)
    lines = [_cells(line) for line in output.getvalue().splitlines()]
    assert [line for line in lines if len(line) > 1] == [
        ["release", "created", "who", "commit", "functions", "migrations", "result"],
        [_BACK.id, _BACK.created, "ada", "-", "a of 2", "-", f"LIVE (back to {_FIRST.id})"],
        [_FAILED.id, _FAILED.created, "ada", "c0ffee012", "a, b of 2", "-", "failed: GET /: 500"],
        [_SECOND.id, _SECOND.created, "ada", "c0ffee012", "a of 2", "-", "was live"],
        [_FIRST.id, _FIRST.created, "ada", "c0ffee012 and edits", "2 new", "0001_a, 0002_b", "was live"],
    ]  # fmt: skip
    assert lines[-1] == ["and 3 older; --limit shows more"]


def test_releases_as_json() -> None:
    output = io.StringIO()
    print_json(_HISTORY, output)
    found = json.loads(output.getvalue())["releases"]
    assert [(one["id"], one["is_live"]) for one in found] == [(one.id, one is _BACK) for one in _HISTORY]
    assert found[0]["functions"]["a"] == {
        "function_name": "a",
        "version": "1",
        "sha256": "00",
        "triggers": [],
    }
