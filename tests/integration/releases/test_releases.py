"""Releases of the application on a running local cloud: real packages, functions and requests."""

import pytest

from tests.integration.releases.load import Load
from tests.integration.releases.stage import ReleasedStage
from toolchain.errors import ReleaseError
from toolchain.project import Project

_HEALTH = "functions/health/handler.py"
_OK = '"status": "ok"'
_CHECK = "    database.check()\n"
# The sample event is one of curl's.
_FAILS_OVER_HTTP = """\
    if "python-requests" in (_.headers.get("user-agent") or ""):
        raise RuntimeError("broken")
"""


def test_release_migrates_and_answers(stage: ReleasedStage, checkout: Project) -> None:
    record = stage.records()[-1]
    migrations = sorted(path.stem for path in (checkout.root / "migrations").glob("*.sql"))
    assert (record.result, record.migrations) == ("live", tuple(migrations))
    assert {one.version for one in record.functions.values()} == {"1"}
    asked = {(f"{probe.method} {probe.path}", probe.is_public) for probe in record.probes}
    assert ("GET /health", True) in asked
    assert len([route for route, is_public in asked if not is_public]) == 1, "one that needs a token"
    assert stage.health()["database"] == "ok"


def test_nothing_to_release(stage: ReleasedStage) -> None:
    stage.release()
    before = stage.records()
    assert stage.release() is None
    assert stage.records() == before


def test_no_request_fails_while_aliases_move(stage: ReleasedStage) -> None:
    """Old answers, then new ones; and back."""
    stage.release()
    stage.edit(_HEALTH, _OK, '"status": "fine"')
    with Load(f"{stage.api_url}/health").running() as load:
        done = stage.release()
        released = len(load.answers)
        back = stage.roll_back()
    assert done
    assert (back.result, back.previous) == ("live", done.id)
    assert load.failures() == []
    bodies = [body for _, body, _ in load.answers]
    assert "fine" not in bodies[0]
    assert any("fine" in body for body in bodies[:released])
    assert "fine" not in bodies[-1]


def test_broken_release_is_never_seen(stage: ReleasedStage) -> None:
    """The new version is asked by its number first; the old one answers throughout."""
    stage.release()
    before = stage.live()
    stage.edit(_HEALTH, _CHECK, '    raise RuntimeError("broken")\n')
    with Load(f"{stage.api_url}/health").running() as load, pytest.raises(ReleaseError) as error:
        stage.release()
    record = stage.records()[0]
    assert load.failures() == []
    assert stage.live() == before
    assert (record.result, stage.health()["status"]) == ("failed", "ok")
    version = stage.versions["health"]
    assert str(error.value) == (
        f"release {record.id} failed: app-dev-health:{version} GET /health: it answered 500\n"
        "no alias was moved; the release before goes on"
    )


def test_function_that_can_not_be_imported_is_never_live(stage: ReleasedStage) -> None:
    """Though it has no public route: it is called for nobody."""
    stage.release()
    before = stage.live()
    stage.edit("functions/get_me/handler.py", "DATABASE = ", 'NOT_SET = os.environ["NOT_SET"]\nDATABASE = ')
    with pytest.raises(ReleaseError) as error:
        stage.release()
    assert f"app-dev-get_me:{stage.versions['get_me']}: it can't be started: KeyError: 'NOT_SET'" in str(
        error.value
    )
    assert stage.live() == before


def test_release_that_fails_over_http_goes_back(stage: ReleasedStage) -> None:
    """What the check by number can't see: here, a function that refuses this API's requests."""
    stage.release()
    before = stage.live()
    stage.edit(_HEALTH, _CHECK, _FAILS_OVER_HTTP)
    with pytest.raises(ReleaseError) as error:
        stage.release()
    assert f"GET {stage.api_url}/health: answered 500" in str(error.value)
    assert "the aliases of health were moved back; the release before goes on" in str(error.value)
    assert stage.live() == before
    assert stage.health()["status"] == "ok"
