"""Runs package.py for each function of a plan as Terraform does; run by terraform_aws_lambda.py.

First `prepare` for all, then `build` for all, ten processes at a time: Terraform's default parallelism.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

_PARALLELISM = 10


def main(plan: Path) -> None:
    content = json.loads(plan.read_text())
    queries: dict[str, dict[str, Any]] = content["queries"]
    with ThreadPoolExecutor(_PARALLELISM) as pool:
        prepared = list(pool.map(lambda query: prepare(content["package_py"], query), queries.values()))
        list(pool.map(lambda answer: build(content["package_py"], answer), prepared))
    built = {name: answer["filename"] for name, answer in zip(queries, prepared, strict=True)}
    plan.with_name("built.json").write_text(json.dumps(built))


def prepare(package_py: str, query: dict[str, Any]) -> dict[str, Any]:
    """Terraform's data source `archive_prepare`."""
    command = [sys.executable, package_py, "prepare"]
    done = subprocess.run(command, input=json.dumps(query), text=True, stdout=subprocess.PIPE, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def build(package_py: str, answer: dict[str, Any]) -> None:
    """Terraform's resource `archive`, which is replaced when the file name changed."""
    if Path(answer["filename"]).exists():
        return
    options = ("--timestamp", answer["timestamp"], answer["build_plan_filename"])
    subprocess.run([sys.executable, package_py, "build", *options], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
