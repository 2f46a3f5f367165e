"""What `invoke rollback`, `releases`, `migrate`, `invoke-remote` and `logs --stage` print."""

import io
import json
from dataclasses import dataclass

import pytest

from tests.integration.releases.stage import ReleasedStage
from toolchain.deploy.releases import commands
from toolchain.errors import FunctionError, ManifestError, ReleaseError, ToolchainError
from toolchain.project import Project

_HEALTH = "functions/health/handler.py"


@dataclass(frozen=True)
class _Shell:
    """The checkout of a stage, and what commands print."""

    stage: ReleasedStage

    @property
    def project(self) -> Project:
        return Project(self.stage.root)

    def rollback(self, to: str | None = None) -> str:
        output = io.StringIO()
        commands.rollback(self.project, "dev", to, output)
        return output.getvalue()

    def releases(self, limit: int = 20, *, as_json: bool = False) -> str:
        output = io.StringIO()
        commands.releases(self.project, "dev", limit, output, as_json=as_json)
        return output.getvalue()

    def migrate(self, *, dry_run: bool) -> str:
        output = io.StringIO()
        commands.migrate(self.project, "dev", output, dry_run=dry_run)
        return output.getvalue()

    def invoke(self, name: str, event: str | None = None, qualifier: str = "live") -> str:
        output = io.StringIO()
        commands.invoke_remote(self.project, "dev", commands.RemoteCall(name, event, qualifier), output)
        return output.getvalue()

    def logs(self, name: str | None) -> str:
        output = io.StringIO()
        lines = commands.Lines(name, is_access_log=False, minutes=60, follow=False)
        commands.logs(self.project, "dev", lines, output)
        return output.getvalue()


@pytest.fixture
def shell(stage: ReleasedStage, monkeypatch: pytest.MonkeyPatch) -> _Shell:
    monkeypatch.setenv("AWS_ENDPOINT_URL", stage.stack.record.endpoint_url)
    stage.release()
    return _Shell(stage)


def test_rollback_tells_what_it_does(shell: _Shell) -> None:
    before = shell.stage.records()[0]
    shell.stage.edit(_HEALTH, '"status": "ok"', '"status": "fine"')
    shell.stage.release()
    lines = shell.rollback().splitlines()
    assert lines[0] == f"back to {before.origin} of {before.created}, commit unknown"
    assert lines[1:-1] == ["1 alias moved back"]
    assert lines[-1].startswith(f"{before.origin} is live on dev (")


def test_list_of_releases(shell: _Shell) -> None:
    records = shell.stage.records()
    found = json.loads(shell.releases(limit=1000, as_json=True))["releases"]
    assert [one["id"] for one in found] == [record.id for record in records]
    assert [one["id"] for one in found if one["is_live"]] == [records[0].id]
    with pytest.raises(ReleaseError) as error:
        shell.releases(limit=0)
    assert str(error.value) == "--limit is 0; use 1 or more"
    table = shell.releases(limit=1)
    assert records[0].id in table
    assert "LIVE" in table


def test_pending_migrations(shell: _Shell) -> None:
    assert shell.migrate(dry_run=True) == "pending: nothing\n"
    assert shell.migrate(dry_run=False) == "applied: nothing\n"


def test_result_of_a_remote_call_is_alone_on_stdout(
    shell: _Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    """The end of the log is on stderr."""
    answer = json.loads(shell.invoke("health"))
    assert json.loads(answer["body"]) == {"status": "ok", "database": "ok"}
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "REPORT RequestId:" in printed.err
    version = shell.stage.records()[0].functions["migrate_database"].version
    assert json.loads(shell.invoke("migrate_database", "dry_run", version)) == {"pending": []}


def test_remote_call_that_fails(shell: _Shell) -> None:
    event = shell.stage.root / "event.json"
    event.write_text('{"dry-run": true}')
    with pytest.raises(FunctionError) as error:
        shell.invoke("migrate_database", str(event))
    assert str(error.value) == (
        'migrate_database failed: ValueError: the event is neither {} nor {"dry_run": true}'
    )
    with pytest.raises(ReleaseError, match=r"health has no version or alias 999 on stage dev"):
        shell.invoke("health", qualifier="999")
    with pytest.raises(
        ManifestError, match=r"functions/helth: there is no such function; did you mean 'health'"
    ):
        shell.invoke("helth")


def test_logs_of_deployed_functions(shell: _Shell) -> None:
    """Not those of the same functions that run from source."""
    shell.invoke("health")
    lines = shell.logs("health").splitlines()
    assert any(line.startswith("START RequestId:") for line in lines)
    assert any(line.startswith("REPORT RequestId:") for line in lines)
    assert any(line.startswith("health: REPORT RequestId:") for line in shell.logs(None).splitlines())
    with pytest.raises(ReleaseError) as error:
        shell.logs("nobody")
    assert str(error.value) == "nobody is not deployed on stage dev"


def test_stage_that_does_not_exist(shell: _Shell) -> None:
    with pytest.raises(ToolchainError) as error:
        commands.releases(shell.project, "dve", 20, io.StringIO(), as_json=False)
    assert str(error.value) == "there is no stage 'dve'; did you mean dev? There are dev"
