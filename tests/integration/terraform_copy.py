"""Terraform in a copy of the repository's terraform/: `init` writes a lock file beside the configuration."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from toolchain.deploy.cli_config import find_mirror, write_cli_config
from toolchain.project import Project

_BACKEND = re.compile(r'^  backend "s3" \{.*?^  \}$', re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Terraform:
    """Terraform's program, and a directory that is initialized."""

    program: str
    directory: Path
    environ: Mapping[str, str] = field(repr=False)

    def run(
        self, *arguments: str, workspace: str = "default", more: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.program, *arguments],
            cwd=self.directory,
            env={**self.environ, "TF_WORKSPACE": workspace, **(more or {})},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )


def copy_modules(checkout: Project, place: Path, *, without_backend: bool) -> Terraform:
    """Copy and initialize; without a backend the state is a file in the copy.

    A checkout that has chosen its provider (.terraform.lock.hcl), as workflows do, is tested with that one.

    Skips the test without Terraform, and without a provider to be had.
    """
    program = shutil.which("terraform")
    if program is None:
        pytest.skip("there is no Terraform on PATH")
    copy = place / "terraform"
    shutil.copytree(checkout.root / "terraform", copy, ignore=shutil.ignore_patterns(".terraform"))
    if without_backend:
        versions = copy / "versions.tf"
        versions.write_text(_BACKEND.sub("", versions.read_text(encoding="utf-8")), encoding="utf-8")
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))},
        "TF_CLI_CONFIG_FILE": str(write_cli_config(os.environ, place)),
        "TF_DATA_DIR": str(place / "data"),
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
        "GOGC": "400",  # as deploys have it
    }
    terraform = Terraform(program, copy, environ)
    initialized = terraform.run("init", "-backend=false", "-input=false", "-no-color")
    if initialized.returncode != 0 and find_mirror(os.environ) is None:
        pytest.skip(f"the provider can't be had:\n{initialized.stderr}")
    assert initialized.returncode == 0, initialized.stderr
    return terraform
