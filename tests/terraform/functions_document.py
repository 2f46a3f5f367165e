"""The documents of functions that Terraform's own tests use: a build's, and some that no build writes.

`python -m tests.terraform.functions_document` writes them again after the manifest's shape has changed.
"""

import copy
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from toolchain.manifest import declaration, read_functions
from toolchain.packaging.build import functions_document
from toolchain.packaging.state import Built
from toolchain.project import Project

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "terraform" / "tests" / "fixtures"

type Document = dict[str, Any]


def built(project: Project, name: str) -> Document:
    """What a build of a project writes, without building: packages are named by the function."""
    functions = read_functions(project)
    declarations = {name: declaration(function) for name, function in functions.items()}
    packages = {
        name: Built("", function.architecture, hashlib.sha256(name.encode()).hexdigest(), 1000, 2000, 0)
        for name, function in functions.items()
    }
    return functions_document(name, declarations, packages)


def good() -> Document:
    """What a build of tests/projects/terraform writes."""
    return built(Project(ROOT / "tests" / "projects" / "terraform"), "shop")


def _named(document: Document) -> None:
    document["functions"]["f" * 40] = {**document["functions"].pop("migrate"), "name": "f" * 40}
    document["project"] = "p" * 30


def _unexplained(document: Document) -> None:
    document["functions"]["work"]["permissions"][0]["reason"] = None


def _unexplained_name(document: Document) -> None:
    document["functions"]["change_thing"]["permissions"][0]["resources"] = ["arn:aws:sqs:*:*:orders-*"]


def _unbounded(document: Document) -> None:
    actions = ["ses:SendEmail", "ses:*", "bedrock:InvokeModel"]
    document["functions"]["work"]["permissions"][0]["actions"] = actions


def _unreachable(document: Document) -> None:
    document["functions"]["migrate"]["permissions"] = document["functions"]["work"]["permissions"]


def _crowded(document: Document) -> None:
    route = document["functions"]["read_things"]["triggers"]["http"][0]
    document["functions"]["migrate"]["triggers"]["http"] = [
        {**route, "path": f"/{number}", "route_key": f"GET /{number}"} for number in range(301)
    ]


def _open(document: Document) -> None:
    document["functions"]["change_thing"]["triggers"]["http"][0]["scopes"] = []


def _long_queue(document: Document) -> None:
    document["functions"]["work"]["triggers"]["sqs"][0]["queue"] = "q" * 80


def _long_rule(document: Document) -> None:
    work = document["functions"].pop("work")
    triggers = {**work["triggers"], "schedule": []}
    document["functions"]["f" * 53] = {**work, "name": "f" * 53, "triggers": triggers}


def _long_bucket(document: Document) -> None:
    document["functions"]["work"]["triggers"]["s3"][0]["bucket"] = "b" * 63


BROKEN: dict[str, Callable[[Document], None]] = {
    "crowded": _crowded,
    "long_bucket": _long_bucket,
    "long_name": _named,
    "long_queue": _long_queue,
    "long_rule": _long_rule,
    "open_route": _open,
    "other_format": lambda document: document.update(format=2),
    "other_runtime": lambda document: document.update(runtime="nodejs22.x"),
    "project_name": lambda document: document.update(project="Shop_1"),
    "project_word": lambda document: document.update(project="my-aws-shop"),
    "unbounded": _unbounded,
    "unexplained": _unexplained,
    "unexplained_name": _unexplained_name,
    "unreachable": _unreachable,
}
"""What is wrong with each, as terraform/tests/function_rules.tftest.hcl expects it."""


def documents() -> dict[Path, str]:
    """All of the files with their text."""
    texts = {FIXTURES / "functions.json": json.dumps(good(), indent=2, sort_keys=True) + "\n"}
    for name, change in BROKEN.items():
        document = copy.deepcopy(good())
        change(document)
        texts[FIXTURES / f"{name}.json"] = json.dumps(document, separators=(",", ":"), sort_keys=True) + "\n"
    return texts


if __name__ == "__main__":
    for path, text in documents().items():
        path.write_text(text, encoding="utf-8")
