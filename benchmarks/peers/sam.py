"""AWS SAM: `sam build --cached --parallel` with its uv builder, which is faster than its pip builder.

`sam build` leaves directories. What is uploaded is zipped by `sam package` or `sam deploy` later, each
time and whole; `SamBuildAndZip` adds that step with SAM's own code.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.processes import Command
from benchmarks.surroundings import Surroundings
from benchmarks.workload import Workload

VERSION = "1.170.0"
_ZIP_SCRIPT = Path(__file__).with_name("sam_zip_script.py")


@dataclass(frozen=True, slots=True)
class SamBuild:
    """`tool` is the environment that aws-sam-cli is installed in."""

    surroundings: Surroundings
    tool: Path

    @property
    def name(self) -> str:
        return "sam build (no zips)"

    @property
    def version(self) -> str:
        return f"aws-sam-cli {VERSION}"

    def prepare(self, workload: Workload) -> None:
        """A template, and for each function a directory of links to what its package is made from.

        SAM packages one directory; lib/ and functions/<name>/ can only be in it as links or copies.
        """
        root = self._root(workload)
        for name in workload.names:
            staged = root / "staged" / name
            (staged / "functions").mkdir(parents=True, exist_ok=True)
            (staged / "functions" / name).symlink_to(workload.handler(name).parent)
            (staged / "lib").symlink_to(workload.library)
            (staged / "requirements.txt").symlink_to(workload.requirements(name))
        (root / "template.json").write_text(json.dumps(_template(workload)))

    def clean(self, workload: Workload) -> None:
        shutil.rmtree(self._root(workload) / ".aws-sam", ignore_errors=True)

    def build(self, workload: Workload) -> Sequence[Command]:
        options = ("--cached", "--parallel", "--beta-features", "--template", "template.json")
        return [self._command(workload, self.tool / "bin" / "sam", "build", *options)]

    def packages(self, workload: Workload) -> Mapping[str, Path]:
        built = self._root(workload) / ".aws-sam" / "build"
        return {name: built / _logical_id(name) for name in workload.names}

    def _command(self, workload: Workload, *arguments: str | Path) -> Command:
        return self.surroundings.command(
            *arguments,
            cwd=self._root(workload),
            SAM_CLI_TELEMETRY="0",
            AWS_DEFAULT_REGION="eu-west-1",
        )

    def _root(self, workload: Workload) -> Path:
        return workload.root.with_name(f"{workload.root.name}-{type(self).__name__}")


class SamBuildAndZip(SamBuild):
    """`sam build`, and the zipping that `sam package` does before it uploads."""

    @property
    def name(self) -> str:
        return "sam build + zip"

    def clean(self, workload: Workload) -> None:
        super().clean(workload)
        shutil.rmtree(self._zips(workload), ignore_errors=True)

    def build(self, workload: Workload) -> Sequence[Command]:
        built = self._root(workload) / ".aws-sam" / "build"
        python = self.tool / "bin" / "python"
        zipping = self._command(workload, python, _ZIP_SCRIPT, built, self._zips(workload))
        return [*super().build(workload), zipping]

    def packages(self, workload: Workload) -> Mapping[str, Path]:
        zips = self._zips(workload)
        return {name: zips / f"{_logical_id(name)}.zip" for name in workload.names}

    def _zips(self, workload: Workload) -> Path:
        return self._root(workload) / "zips"


def _template(workload: Workload) -> dict[str, Any]:
    functions = {
        _logical_id(name): {
            "Type": "AWS::Serverless::Function",
            "Metadata": {"BuildMethod": "python-uv"},
            "Properties": {
                "CodeUri": f"staged/{name}",
                "Handler": f"functions.{name}.handler.handler",
                "Runtime": "python3.13",
                "Architectures": [workload.architecture],
            },
        }
        for name in workload.names
    }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": functions,
    }


def _logical_id(name: str) -> str:
    """CloudFormation takes letters and digits only: `function_07` -> `Function07`."""
    return name.title().replace("_", "")
