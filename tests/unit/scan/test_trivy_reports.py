"""What trivy reports and logs, and what the scan says where there is no trivy."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from toolchain.project import Project
from toolchain.scan.findings import Finding
from toolchain.scan.ledger import Entry
from toolchain.scan.run import Report, lines
from toolchain.scan.trivy import is_available, parse_log, parse_report

BUCKET = {"Lines": [{"Number": 2, "Content": 'resource "aws_s3_bucket" "artifacts" {'}]}
LOG = (
    '2026-01-02T03:04:05Z\tINFO\t[terraform scanner] Scanning root module\tfile_path="."\n'
    '2026-01-02T03:04:05Z\tERROR\t[misconfig] Falling back to embedded checks\terr="failed to check cache"\n'
)


def _cause(resource: str, *around: str, code: Any = None) -> dict[str, Any]:  # noqa: ANN401 - raw JSON
    occurrences = [{"Resource": each} for each in around]
    return {
        "Resource": resource,
        "StartLine": 2,
        "Code": code,
        **({"Occurrences": occurrences} if around else {}),
    }


@pytest.mark.parametrize(
    ("cause", "address"),
    [
        (_cause('aws_s3_bucket.one["a.b"]'), "aws_s3_bucket.one"),
        (_cause("module.db", "aws_db_instance.this[0]", "module.db"), "module.db.aws_db_instance.this"),
        (
            _cause("module.f", "tracing_config", "aws_lambda_function.this", 'module.f["x"]', "module.all"),
            "module.all.module.f.aws_lambda_function.this",
        ),
        (_cause("module.storage", "module.storage", code=BUCKET), "module.storage.aws_s3_bucket.artifacts"),
        (_cause("module.storage", code=BUCKET), "module.storage.aws_s3_bucket.artifacts"),
        (_cause("module.storage", "module.storage", code={"Lines": None}), "module.storage"),
    ],
)
def test_addresses(cause: dict[str, Any], address: str) -> None:
    """Those of Terraform, without indices; where only the text tells the resource, it is read there."""
    failed = {"ID": "AWS-0089", "Message": "Bucket has logging disabled", "CauseMetadata": cause}
    report = {"Results": [{"Target": "."}, {"Target": "a.tf", "Misconfigurations": [failed]}]}
    assert list(parse_report(report)) == [Finding("trivy/AWS-0089", address, "Bucket has logging disabled")]


def test_a_report_on_nothing() -> None:
    assert list(parse_report({"SchemaVersion": 2})) == []


def test_log_of_a_scan_that_went_well() -> None:
    """That it has no other checks than its own is as it should be."""
    assert parse_log(LOG) == []


def test_what_trivy_passes_over_is_told() -> None:
    """It warns, twice, and goes on."""
    broken = '2026-01-02T03:04:05Z\tERROR\t[terraform parser] Error parsing file\tfile_path="main.tf"\n'
    missing = (
        '2026-01-02T03:04:05Z\tWARN\t[terraform parser] Variable values were not found\tvariables="stage"\n'
    )
    assert parse_log(broken + LOG + missing + broken) == [
        '[terraform parser] Error parsing file file_path="main.tf"',
        '[terraform parser] Variable values were not found variables="stage"',
    ]


def test_platforms_without_trivy(tmp_path: Path) -> None:
    """There, what is installed has no such program."""
    requirements = tmp_path / "requirements-scan.txt"
    requirements.write_text("checkov==1\n")
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:16]
    programs = tmp_path / ".local" / "tools" / f"scan-{digest}" / "bin"
    programs.mkdir(parents=True)
    assert not is_available(Project(tmp_path))
    (programs / "trivy").touch()
    assert is_available(Project(tmp_path))


def test_a_scan_without_trivy_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line; that the ledger's entries for it were not needed means nothing then."""
    monkeypatch.setattr("sysconfig.get_platform", lambda: "macosx-14.0-arm64")
    unused = (Entry("trivy/AWS-0089", "aws_s3_bucket.*", "x"), Entry("CKV_AWS_18", "aws_s3_bucket.*", "x"))
    assert list(lines(Report(3, unused, (), ("trivy",)))) == [
        "nothing found beyond the 3 findings that terraform/scan_ledger.yaml accepts",
        "not needed here: CKV_AWS_18 at aws_s3_bucket.*",
        "left out: trivy, which is not to be had for macosx-14.0-arm64",
    ]
    assert "not needed here: trivy/AWS-0089 at aws_s3_bucket.*" in lines(Report(3, unused, ()))
