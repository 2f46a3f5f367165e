"""terraform/ as trivy sees it, with the variables of stages."""

from pathlib import Path

import pytest

from tests.e2e.working_tree import copy_working_tree
from toolchain.errors import MissingToolError, ToolchainError
from toolchain.project import Project
from toolchain.scan import trivy
from toolchain.scan.ledger import apply, read_ledger
from toolchain.scan.run import LEDGER
from toolchain.scan.tools import provide_tools

ROOT = Project(Path(__file__).resolve().parents[2])


@pytest.fixture(scope="module", autouse=True)
def _tools() -> None:
    try:
        provide_tools(ROOT)
    except MissingToolError as error:
        pytest.skip(str(error))
    if not trivy.is_available(ROOT):
        pytest.skip("trivy is not to be had for this platform")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy of this repository, of which one stage is scanned."""
    copy_working_tree(tmp_path / "project")
    copy = Project(tmp_path / "project")
    copy.local.symlink_to(ROOT.local)
    for path in _stages(copy):
        if path.stem != "dev":
            path.unlink()
    return copy


def test_stages_have_no_findings_that_the_ledger_does_not_accept() -> None:
    found = trivy.scan_stages(ROOT)
    left, _ = apply(read_ledger(ROOT.root / LEDGER), found)
    assert left == []
    every = ", ".join(path.stem for path in _stages(ROOT))
    assert [each for each in found if each.message.endswith(f" ({every})")], "not every stage was scanned"


def test_faults_are_found(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """In what functions are made of, too, without a build; files of trivy's own accept nothing."""
    _edit(project, "modules/function/main.tf", 'mode = "Active"', 'mode = "PassThrough"')
    _edit(
        project,
        "modules/storage/access_control.tf",
        "block_public_acls       = true",
        "block_public_acls = false",
    )
    (project.root / ".trivyignore").write_text("AWS-0066\nAWS-0086\n")
    (project.root / "trivy.yaml").write_text("severity: [CRITICAL]\n")
    monkeypatch.chdir(project.root)
    left, _ = apply(read_ledger(project.root / LEDGER), trivy.scan_stages(project))
    assert {(each.check, each.address) for each in left} == {
        ("trivy/AWS-0066", "module.function.aws_lambda_function.this"),
        ("trivy/AWS-0086", "module.storage.aws_s3_bucket_public_access_block.artifacts"),
    }
    assert all(each.message.endswith(" (dev)") for each in left)


def test_files_that_trivy_cannot_read(project: Project) -> None:
    """It passes them over, and says that all is well; the scan does not."""
    (project.root / "terraform" / "broken.tf").write_text('resource "aws_s3_bucket" "a" {\n  bucket =\n}\n')
    with pytest.raises(ToolchainError) as error:
        trivy.scan_stages(project)
    (problem,) = error.value.problems
    assert problem.startswith("trivy with terraform/stages/dev.tfvars: [terraform parser] Error parsing file")
    assert "broken.tf:2" in problem


def _stages(project: Project) -> list[Path]:
    return sorted((project.root / "terraform" / "stages").glob("*.tfvars"))


def _edit(project: Project, file: str, old: str, new: str) -> None:
    path = project.root / "terraform" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
