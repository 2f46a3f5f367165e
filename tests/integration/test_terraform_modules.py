"""The modules under terraform/: formatted, valid, and with their own tests passing, as Terraform itself says.

Everything runs in a copy: `init` writes a lock file beside the configuration.
"""

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from toolchain.deploy.cli_config import find_mirror, write_cli_config
from toolchain.project import Project

TESTS = ("api", "auth", "ci", "data", "database", "function", "function_rules", "network", "observability")
_BLOCK = re.compile(
    r'^(variable|resource)(?: "terraform_data")? "(\w+)" \{$(.*?)^\}$', re.MULTILINE | re.DOTALL
)
_RULE = re.compile(r"^ +(?:validation|precondition) \{$", re.MULTILINE)
_EXPECTED = re.compile(r"expect_failures = \[([^]]*)\]")


@dataclass(frozen=True)
class Terraform:
    """Terraform in a copy of the repository's terraform/, initialized without a backend."""

    program: str
    directory: Path
    environ: dict[str, str]

    def run(self, *arguments: str, workspace: str = "default") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.program, *arguments],
            cwd=self.directory,
            env={**self.environ, "TF_WORKSPACE": workspace},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )


@pytest.fixture(scope="module")
def terraform(checkout: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terraform]:
    """Skips without Terraform, and without a provider to be had."""
    program = shutil.which("terraform")
    if program is None:
        pytest.skip("there is no Terraform on PATH")
    place = tmp_path_factory.mktemp("terraform")
    copy = place / "terraform"
    shutil.copytree(checkout.root / "terraform", copy, ignore=shutil.ignore_patterns(".terraform*"))
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))},
        "TF_CLI_CONFIG_FILE": str(write_cli_config(os.environ, place)),
        "TF_DATA_DIR": str(place / "data"),
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
    }
    ready = Terraform(program, copy, environ)
    initialized = ready.run("init", "-backend=false", "-input=false", "-no-color")
    if initialized.returncode != 0 and find_mirror(os.environ) is None:
        pytest.skip(f"the provider can't be had:\n{initialized.stderr}")
    assert initialized.returncode == 0, initialized.stderr
    yield ready
    shutil.rmtree(place, ignore_errors=True)


def test_it_is_formatted(terraform: Terraform) -> None:
    """Files and examples are as `terraform fmt` writes them."""
    formatted = terraform.run("fmt", "-check", "-recursive", "-diff")
    assert formatted.returncode == 0, formatted.stdout + formatted.stderr


def test_it_is_valid(terraform: Terraform) -> None:
    """The provider knows every attribute, and no warning speaks of a deprecated one."""
    validated = terraform.run("validate", "-json")
    assert '"error_count": 0' in validated.stdout, validated.stdout
    assert '"warning_count": 0' in validated.stdout, validated.stdout


@pytest.mark.parametrize("name", [*TESTS, "rules", "variables"])
def test_its_own_tests_pass(terraform: Terraform, name: str) -> None:
    """terraform/tests, against a mock provider."""
    tested = terraform.run("test", "-no-color", f"-filter=tests/{name}.tftest.hcl", workspace="local")
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert re.search(r"Success! [1-9][0-9]* passed, 0 failed", tested.stdout)


def test_each_of_its_tests_is_run_here(terraform: Terraform) -> None:
    found = {path.name.removesuffix(".tftest.hcl") for path in terraform.directory.glob("tests/*.tftest.hcl")}
    assert found == {*TESTS, "rules", "variables"}


def test_every_rule_has_a_run_that_breaks_it(terraform: Terraform) -> None:
    """A variable fails in as many runs as it has validations, or more; modules have no rules."""
    rules = Counter(
        {"variable": "var.{}", "resource": "terraform_data.{}"}[kind].format(name)
        for path in terraform.directory.glob("*.tf")
        for kind, name, body in _BLOCK.findall(path.read_text(encoding="utf-8"))
        for _ in _RULE.findall(body)
    )
    expected = Counter(
        name.strip()
        for path in terraform.directory.glob("tests/*.tftest.hcl")
        for names in _EXPECTED.findall(path.read_text(encoding="utf-8"))
        for name in names.split(",")
    )
    assert rules.total() > 50
    assert not rules - expected, f"never broken: {rules - expected}"
    modules = [path.read_text(encoding="utf-8") for path in terraform.directory.glob("modules/*/*.tf")]
    assert not any(_RULE.search(text) for text in modules)


_STAGE = """
mock_provider "aws" {}

run "plan" {
  command = plan

  variables {
    functions_file = "tests/fixtures/functions.json"
  }
  %s
}
"""


@pytest.mark.parametrize("stage", ["local", "dev", "prod"])
def test_every_stage_can_be_planned(terraform: Terraform, stage: str) -> None:
    """The values of each stage keep all the rules, once RDS's certificates are there."""
    _put_certificates(terraform)
    planned = _plan(terraform, stage)
    assert planned.returncode == 0, planned.stdout + planned.stderr


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_stage_without_rdss_certificates_is_warned_of(terraform: Terraform, stage: str) -> None:
    """Functions would refuse the database, which nothing but the first request would tell."""
    _certificates(terraform).unlink(missing_ok=True)
    planned = _plan(terraform, stage, "expect_failures = [check.certificates]")
    assert planned.returncode == 0, planned.stdout + planned.stderr


def _certificates(terraform: Terraform) -> Path:
    return terraform.directory.parent / "lib" / "database" / "rds.pem"


def _put_certificates(terraform: Terraform) -> None:
    _certificates(terraform).parent.mkdir(parents=True, exist_ok=True)
    _certificates(terraform).write_text("certificates\n", encoding="utf-8")


def _plan(terraform: Terraform, stage: str, expectation: str = "") -> subprocess.CompletedProcess[str]:
    test = terraform.directory / "tests" / "stage.tftest.hcl"
    test.write_text(_STAGE % expectation, encoding="utf-8")
    try:
        return terraform.run(
            *("test", "-no-color", f"-filter=tests/{test.name}", f"-var-file=stages/{stage}.tfvars"),
            workspace=stage,
        )
    finally:
        test.unlink()
