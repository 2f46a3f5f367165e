"""Changes to modules that are made when they are first imported."""

import importlib
import sys
from pathlib import Path

import pytest

from toolchain.local.aws.fidelity.later import when_imported


def test_a_change_waits_for_the_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It finds the module as it is; for one that is there already, it does not wait."""
    (tmp_path / "corrected_later.py").write_text("VALUE = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", sys.meta_path[:])
    seen: list[int] = []

    def change() -> None:
        seen.append(sys.modules["corrected_later"].VALUE)

    when_imported("corrected_later", change)
    when_imported("corrected_later", lambda: seen.append(2))
    assert seen == []
    monkeypatch.setitem(sys.modules, "corrected_later", importlib.import_module("corrected_later"))
    assert seen == [1, 2]
    when_imported("corrected_later", change)
    assert seen == [1, 2, 1]
