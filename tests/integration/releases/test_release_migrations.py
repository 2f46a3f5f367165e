"""Migrations that go wrong in a release, on a real database; each converges when it is mended."""

import json
import threading

import pytest

from tests.integration.releases.stage import TARGET, ReleasedStage
from toolchain.deploy.releases.migrating import MIGRATOR, migrate, pending
from toolchain.errors import ReleaseError

_FUNCTION = TARGET.function_name(MIGRATOR)


def _add(stage: ReleasedStage, name: str, sql: str) -> None:
    (stage.root / "migrations" / f"{name}.sql").write_text(f"{sql};\n")


def _table(stage: ReleasedStage) -> str:
    """The name of a table that is not there yet."""
    return f"t{len(stage.records())}"


def test_one_that_fails_halfway(stage: ReleasedStage) -> None:
    """What was applied is noted; the code is not released; the mended one carries on."""
    stage.release()
    table, before = _table(stage), stage.live()
    number = len(list((stage.root / "migrations").iterdir()))
    names = [f"{number + offset:04}_{table}_{offset}" for offset in (1, 2, 3)]
    _add(stage, names[0], f"CREATE TABLE {table} (id INT)")
    _add(stage, names[1], f"ALTER TABLE {table} ADD COLUMN id INT")
    _add(stage, names[2], f"ALTER TABLE {table} ADD COLUMN name INT")
    with pytest.raises(ReleaseError) as error:
        stage.release()
    record = stage.records()[0]
    assert str(error.value) == (
        f"release {record.id} failed: the migration failed: {names[1]}: Duplicate column name 'id' (1060)\n"
        "mend it, and deploy again\nno alias was moved; the release before goes on"
    )
    assert (record.result, record.migrations) == ("failed", (names[0],))
    assert stage.live() == before
    _add(stage, names[1], f"ALTER TABLE {table} ADD COLUMN other INT")
    done = stage.release()
    assert done
    assert done.migrations == (names[1], names[2])


def test_one_that_is_edited_after_it_ran(stage: ReleasedStage) -> None:
    stage.release()
    path = stage.root / "migrations" / "0002_add_users_locale.sql"
    path.write_text(path.read_text() + "\n-- an afterthought\n")
    with pytest.raises(ReleaseError) as error:
        stage.release()
    assert "0002_add_users_locale was edited after it had been applied; restore it, and add another" in str(
        error.value
    )


def test_two_at_once(stage: ReleasedStage) -> None:
    """One applies, the other waits and finds nothing to do."""
    stage.release()
    table = _table(stage)
    number = len(list((stage.root / "migrations").iterdir()))
    _add(stage, f"{number + 1:04}_{table}", f"CREATE TABLE {table} AS SELECT SLEEP(0.5) AS slept")
    stage.apply()
    functions, version = stage.services.functions, stage.versions[MIGRATOR]
    assert pending(functions, _FUNCTION, version) == [f"{number + 1:04}_{table}"]
    outcomes: list[str] = []

    def run() -> None:
        outcomes.append(json.dumps(migrate(functions, _FUNCTION, version).applied))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [json.dumps([f"{number + 1:04}_{table}"]), "[]"]
    assert pending(functions, _FUNCTION, version) == []
    stage.release()
