"""The modules under terraform/: formatted, valid, and with their own tests passing, as Terraform itself says.

Stages are planned with a mock provider here.
"""

import platform
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.integration.terraform_copy import Terraform, copy_modules
from toolchain.manifest.environment import LOG_LEVELS, RESERVED_BY_LAMBDA, SET_BY_THE_PLATFORM
from toolchain.project import Project

TESTS = ("api", "auth", "ci", "data", "database", "function", "function_rules", "network", "observability")
_BLOCK = re.compile(
    r'^(variable|resource)(?: "terraform_data")? "(\w+)" \{$(.*?)^\}$', re.MULTILINE | re.DOTALL
)
_RULE = re.compile(r"^ +(?:validation|precondition) \{$", re.MULTILINE)
_EXPECTED = re.compile(r"expect_failures = \[([^]]*)\]")


@pytest.fixture(scope="module")
def terraform(checkout: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terraform]:
    """Skips without Terraform, and without a provider to be had."""
    place = tmp_path_factory.mktemp("terraform")
    yield copy_modules(checkout, place, without_backend=False)
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


def test_a_stage_and_a_manifest_may_set_the_same_variables(checkout: Project) -> None:
    """Names that Lambda or the platform sets are listed twice, for Terraform reads no Python."""
    text = (checkout.root / "terraform" / "variables.tf").read_text(encoding="utf-8")
    listed = re.search(r"reserved_variables = \[(.*?)\]", text, re.DOTALL)
    assert listed
    assert re.findall(r'"(\w+)"', listed[1]) == sorted(RESERVED_BY_LAMBDA | SET_BY_THE_PLATFORM | LOG_LEVELS)


def test_the_workflows_take_the_provider_that_was_tested(terraform: Terraform) -> None:
    """The release that versions.tf names; on their platform, with the checksum of what `init` finds."""
    root = terraform.directory.parent / "terraform"
    tested = re.findall(r"# Tested with ([0-9.]+),", (root / "versions.tf").read_text(encoding="utf-8"))
    chosen, checksums = _locked(Path(__file__).parents[2] / ".github" / "terraform.lock.hcl")
    assert [chosen] == tested
    assert len(checksums) == 1
    found, all_checksums = _locked(root / ".terraform.lock.hcl")
    if found == chosen and platform.system() == "Linux" and platform.machine() == "x86_64":
        assert checksums <= all_checksums


def _locked(lock: Path) -> tuple[str, set[str]]:
    """The release of the AWS provider that a lock file holds, and its checksums."""
    text = lock.read_text(encoding="utf-8").partition("hashicorp/aws")[2].partition("\n}")[0]
    return re.findall(r'version += "([0-9.]+)"', text)[0], set(re.findall(r'"((?:h1|zh):[^"]+)"', text))


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
    """The values of each stage keep all the rules: on AWS once RDS's certificates are there."""
    certificates = terraform.directory.parent / "lib" / "database" / "rds.pem"
    certificates.parent.mkdir(parents=True, exist_ok=True)
    certificates.write_text("certificates\n", encoding="utf-8")
    try:
        planned = _plan(terraform, stage)
    finally:
        certificates.unlink()
    assert planned.returncode == 0, planned.stdout + planned.stderr


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_stage_without_rdss_certificates_is_refused_on_aws_alone(terraform: Terraform, stage: str) -> None:
    """Functions would refuse the database, which nothing but the first request would tell."""
    planned = _plan(terraform, stage, "expect_failures = [terraform_data.stage_rules]")
    assert planned.returncode == 0, planned.stdout + planned.stderr
    locally = _plan(terraform, stage, more={"TF_VAR_is_local_cloud": "true"})
    assert locally.returncode == 0, locally.stdout + locally.stderr


def _plan(
    terraform: Terraform, stage: str, expectation: str = "", more: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    test = terraform.directory / "tests" / "stage.tftest.hcl"
    test.write_text(_STAGE % expectation, encoding="utf-8")
    try:
        return terraform.run(
            *("test", "-no-color", f"-filter=tests/{test.name}", f"-var-file=stages/{stage}.tfvars"),
            workspace=stage,
            more=more,
        )
    finally:
        test.unlink()
