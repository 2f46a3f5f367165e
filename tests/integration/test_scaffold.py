"""New functions of every kind, in a checkout of their own: they run, pass their tests and the linters."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from toolchain.project import Project
from toolchain.scaffold import Wanted, new_function

WANTED = [
    Wanted("public_route", {"http": "GET /public"}, auth="none"),
    Wanted("route_with_parameters", {"http": "GET /things/{id}/{name}/{proxy+}"}),
    Wanted("route_with_body", {"http": "POST /things/{name}"}),
    Wanted("reading", {"http": "GET /readings/{id}"}, database="reader"),
    Wanted("writing", {"http": "POST /writings"}, database="writer"),
    Wanted("signed_in", {"cognito": "PostAuthentication"}, database="writer"),
    Wanted("nightly", {"schedule": "rate(1 day)"}, database="owner"),
    Wanted("jobs", {"sqs": "jobs"}, database="writer"),
    Wanted("jobs_in_order_whose_name_is_a_long_one_x", {"sqs": "jobs.fifo"}, database="reader"),
    Wanted("heard", {"sns": "heard"}, database="writer"),
    Wanted("stored", {"s3": "stored"}, database="writer"),
    Wanted("paid", {"eventbridge": "shop.bills"}, database="writer"),
    Wanted("changed", {"dynamodb_stream": "others"}, database="writer"),
    Wanted("called", database="reader"),
    Wanted("any_method", {"http": "ANY /things"}),
    Wanted("deleting", {"http": "DELETE /things/{id}"}),
    Wanted("catch_all", {"http": "$default"}),
    Wanted("signed_up", {"cognito": "PostConfirmation"}),
    Wanted("tokens", {"cognito": "PreTokenGeneration:V2_0"}),
    Wanted("text_messages", {"cognito": "CustomSMSSender"}),
    Wanted("daily", {"schedule": "rate(1 day)"}),
    Wanted("messages", {"sqs": "orders"}),
    Wanted("messages_in_order", {"sqs": "orders.fifo"}),
    Wanted("news", {"sns": "news"}),
    Wanted("uploads", {"s3": "uploads"}),
    Wanted("orders", {"eventbridge": "shop.orders"}),
    Wanted("changes", {"dynamodb_stream": "things"}),
    Wanted("by_name", description='Does what it is told: "well", mostly. ' * 5),
]


TESTS = ["tests/unit/functions", "tests/integration/functions"]


@pytest.fixture(scope="module")
def scaffolded(checkout: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with nothing but the new functions; their requirements are those of the suite."""
    root = tmp_path_factory.mktemp("scaffolded")
    for part in ("lib", "toolchain", "pyproject.toml", "tests/conftest.py"):
        copy(checkout.root, root, part)
    for part in ("unit/http_events.py", "unit/functions/conftest.py"):
        copy(checkout.root, root, f"tests/{part}")
    for part in ("calls.py", "conftest.py"):
        copy(checkout.root, root, f"tests/integration/functions/{part}")
    for part in ("migrations", "tests/integration/conftest.py"):
        copy(checkout.root, root, part)
    for wanted in WANTED:
        new_function(Project(root), wanted, lambda _project, _names: None)
    return root


def copy(source: Path, target: Path, part: str) -> None:
    (target / part).parent.mkdir(parents=True, exist_ok=True)
    if (source / part).is_dir():
        shutil.copytree(source / part, target / part, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source / part, target / part)


@pytest.mark.parametrize(
    "command",
    [
        ["pytest", "-q", "-p", "no:cacheprovider", *TESTS],
        ["ruff", "check", "--no-cache", "--ignore", "INP001", "functions", *TESTS],
        ["ruff", "format", "--no-cache", "--check", "functions", *TESTS],
        ["mypy", "functions", *TESTS],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_new_functions_pass(scaffolded: Path, command: list[str]) -> None:
    """As they are, before anybody has touched them."""
    finished = subprocess.run(
        [sys.executable, "-m", *command], cwd=scaffolded, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
