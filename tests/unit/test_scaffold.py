"""`invoke new-function`: what it writes, and that it writes all or nothing."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from toolchain.errors import LockError, ToolchainError
from toolchain.manifest import declaration, read_functions
from toolchain.project import Project
from toolchain.scaffold import Wanted, new_function

BROKEN = Path(__file__).parents[1] / "projects" / "manifests_broken"


class FakeLock:
    """Writes requirements.txt, as locking does; or fails, when nothing can be resolved."""

    def __init__(self, failure: str = "") -> None:
        self._failure = failure
        self.locked: list[str] = []

    def __call__(self, project: Project, names: list[str]) -> None:
        if self._failure:
            raise LockError(self._failure)
        for name in names:
            (project.functions / name / "requirements.txt").write_text("# pins\n")
        self.locked += names


def files(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*")}


def problems(project: Project, wanted: Wanted, lock: FakeLock | None = None) -> tuple[str, ...]:
    """What is said; nothing is written, whatever it is."""
    before = files(project.root)
    with pytest.raises(ToolchainError) as raised:
        new_function(project, wanted, lock or FakeLock())
    assert files(project.root) == before
    return raised.value.problems


def test_a_route(tmp_path: Path) -> None:
    """Folder, sample event and test; the requirements are locked."""
    lock = FakeLock()
    written = new_function(Project(tmp_path), Wanted("get_thing", {"http": "GET /things/{id}"}), lock)

    assert written == [
        "functions/get_thing/function.yaml",
        "functions/get_thing/handler.py",
        "functions/get_thing/requirements.in",
        "events/get_thing.json",
        "tests/unit/functions/test_get_thing.py",
        "functions/get_thing/requirements.txt",
    ]
    assert lock.locked == ["get_thing"]
    text = {path: (tmp_path / path).read_text() for path in written}
    assert text["functions/get_thing/function.yaml"] == (
        "# yaml-language-server: $schema=../function.schema.json\n"
        "description: Answers GET /things/{id}\n"
        "triggers:\n"
        "  - http:\n"
        "      method: GET\n"
        "      path: /things/{id}\n"
        "      auth: jwt\n"
    )
    assert text["functions/get_thing/handler.py"] == (
        '"""Answers GET /things/{id}."""\n'
        "\n"
        "import os\n"
        "\n"
        "from lib import http\n"
        "\n"
        "\n"
        "@http.endpoint(os.environ)\n"
        "def handler(request: http.Request) -> dict[str, str]:\n"
        '    """Answer with what was asked for."""\n'
        '    return {**request.path_parameters, "route": request.route_key}\n'
        "\n"
        "\n"
        'if __name__ == "__main__":\n'
        "    from toolchain.local.runner import main\n"
        "\n"
        "    raise SystemExit(main(__spec__.name))\n"
    )
    assert text["functions/get_thing/requirements.in"] == "aws-lambda-powertools\n"
    event = json.loads(text["events/get_thing.json"])
    assert (event["routeKey"], event["pathParameters"]) == ("GET /things/{id}", {"id": "42"})
    assert 'invoke("get_thing", handler)' in text["tests/unit/functions/test_get_thing.py"]


def test_a_route_with_a_database(tmp_path: Path) -> None:
    """The account is declared, the driver required; the test has a real database, so it is among those."""
    wanted = Wanted("get_thing", {"http": "GET /things/{id}"}, database="reader")
    written = new_function(Project(tmp_path), wanted, FakeLock())
    assert "tests/integration/functions/test_get_thing.py" in written
    assert (tmp_path / "functions/get_thing/function.yaml").read_text().endswith("database: reader\n")
    requirements = (tmp_path / "functions/get_thing/requirements.in").read_text()
    assert requirements == "aws-lambda-powertools\npymysql\n"
    assert "database: Database = DATABASE" in (tmp_path / "functions/get_thing/handler.py").read_text()


@pytest.mark.parametrize(
    "triggers",
    [
        {"cognito": "PostConfirmation"},
        {"schedule": "rate(1 day)"},
        {"sqs": "jobs"},
        {"sns": "news"},
        {"s3": "uploads"},
        {"eventbridge": "shop.orders"},
        {"dynamodb_stream": "things"},
        {},
    ],
)
def test_any_kind_of_function_with_a_database(tmp_path: Path, triggers: Mapping[str, str]) -> None:
    """As a route has it: the account, the driver, and a test with a real database."""
    written = new_function(Project(tmp_path), Wanted("work", triggers, database="writer"), FakeLock())
    assert "tests/integration/functions/test_work.py" in written
    assert (tmp_path / "functions/work/function.yaml").read_text().endswith("database: writer\n")
    assert (tmp_path / "functions/work/requirements.in").read_text() == "aws-lambda-powertools\npymysql\n"
    assert "database: Database = DATABASE" in (tmp_path / "functions/work/handler.py").read_text()
    test = (tmp_path / "tests/integration/functions/test_work.py").read_text()
    assert 'invoke("work", handler, database=database)' in test


def test_a_database_that_there_is_not(tmp_path: Path) -> None:
    [problem] = problems(Project(tmp_path), Wanted("read", {"http": "GET /"}, database="raeder"))
    assert problem.startswith("functions/read/function.yaml: database is 'raeder'; ")


@pytest.mark.parametrize(
    ("triggers", "auth", "kind", "declared"),
    [
        ({"http": "POST /things"}, "jwt", "http", {"route_key": "POST /things", "auth": "jwt"}),
        ({"http": "GET /things"}, "none", "http", {"route_key": "GET /things", "auth": "none"}),
        ({"http": "$default"}, "none", "http", {"route_key": "$default"}),
        ({"cognito": "PostConfirmation"}, "jwt", "cognito", {"trigger": "PostConfirmation", "version": None}),
        (
            {"cognito": "PreTokenGeneration:V3_0"},
            "jwt",
            "cognito",
            {"trigger": "PreTokenGeneration", "version": "V3_0"},
        ),
        ({"schedule": "cron(0 8 * * ? *)"}, "jwt", "schedule", {"expression": "cron(0 8 * * ? *)"}),
        ({"sqs": "orders.fifo"}, "jwt", "sqs", {"queue": "orders.fifo"}),
        ({"sns": "news"}, "jwt", "sns", {"topic": "news"}),
        ({"s3": "uploads"}, "jwt", "s3", {"bucket": "uploads"}),
        ({"eventbridge": "shop.orders"}, "jwt", "eventbridge", {"pattern": '{"source":["shop.orders"]}'}),
        ({"dynamodb_stream": "things"}, "jwt", "dynamodb_stream", {"table": "things"}),
    ],
)
def test_each_kind_of_trigger(
    tmp_path: Path, triggers: Mapping[str, str], auth: str, kind: str, declared: dict[str, Any]
) -> None:
    """What is written is a project without a mistake."""
    project = Project(tmp_path)
    new_function(project, Wanted("sample", triggers, auth), FakeLock())
    found = declaration(read_functions(project)["sample"])["triggers"]
    assert declared.items() <= found[kind][0].items()
    assert [name for name, items in found.items() if items] == [kind]


def test_a_function_that_is_called_by_name(tmp_path: Path) -> None:
    """No trigger, an empty event."""
    project = Project(tmp_path)
    new_function(project, Wanted("by_name"), FakeLock())
    assert read_functions(project)["by_name"].triggers == ()
    assert (tmp_path / "events" / "by_name.json").read_text() == "{}\n"


def test_a_body_needs_pydantic(tmp_path: Path) -> None:
    """Only what is imported is packed."""
    new_function(Project(tmp_path), Wanted("sample", {"http": "PATCH /things/{id}"}), FakeLock())
    requirements = (tmp_path / "functions" / "sample" / "requirements.in").read_text()
    assert requirements == "aws-lambda-powertools\npydantic\n"


@pytest.mark.parametrize(
    "description",
    [
        'Says """hello""" to "all"',
        "Ends in a backslash \\",
        "Has two\nlines: and a colon #",
        "Is long, " * 20,
        "$name is no placeholder",
    ],
)
def test_any_description_makes_a_valid_module(tmp_path: Path, description: str) -> None:
    """It is written into YAML and into docstrings."""
    project = Project(tmp_path)
    new_function(project, Wanted("sample", description=description), FakeLock())
    assert read_functions(project)["sample"].description == description
    for path in ("functions/sample/handler.py", "tests/unit/functions/test_sample.py"):
        source = (tmp_path / path).read_text()
        compile(source, path, "exec")
        assert max(map(len, source.splitlines())) <= 110


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        (
            Wanted("sample", {"http": "GET /things", "sqs": "orders"}),
            "--http and --sqs are given; start with one trigger, and add others in function.yaml",
        ),
        (
            Wanted("sample", {"http": "/things"}),
            "--http is '/things'; write a method and a path, such as 'GET /things/{id}'",
        ),
        (
            Wanted("sample", {"http": "GET /things"}, auth="admin"),
            (
                "functions/sample/function.yaml: triggers[0].http.auth is 'admin'; "
                "use none (public), jwt, or jwt: {scopes: [], groups: []}"
            ),
        ),
        (
            Wanted("sample", {"cognito": "PostConfirm"}),
            (
                "functions/sample/function.yaml: triggers[0].cognito.trigger is 'PostConfirm'; "
                "did you mean 'PostConfirmation'?"
            ),
        ),
        (
            Wanted("sample", {"schedule": "rate(1 days)"}),
            (
                "functions/sample/function.yaml: triggers[0].schedule.expression is 'rate(1 days)'; "
                "write minute, hour or day after 1, not 'days'"
            ),
        ),
        (
            Wanted("Sample"),
            (
                "functions/Sample/function.yaml: 'Sample' can't be a function's name; "
                "use a lowercase letter, then lowercase letters, digits and _, at most 40"
            ),
        ),
        (
            Wanted("../sample"),
            (
                "functions/../sample/function.yaml: '../sample' can't be a function's name; "
                "use a lowercase letter, then lowercase letters, digits and _, at most 40"
            ),
        ),
    ],
)
def test_what_the_manifest_refuses_is_not_written(tmp_path: Path, wanted: Wanted, problem: str) -> None:
    """The rules are those of function.yaml, and so are the messages."""
    assert problems(Project(tmp_path), wanted) == (problem,)


def test_another_function_has_the_route(tmp_path: Path) -> None:
    """Both sides are cited; mistakes that are there already do not get in the way of a new function."""
    shutil.copytree(BROKEN, tmp_path, dirs_exist_ok=True)
    [problem] = problems(Project(tmp_path), Wanted("zebra", {"http": "GET /things/{name}"}))
    assert problem == (
        "functions/zebra/function.yaml: triggers[0] is GET /things/{name}, "
        "which functions/twice_a/function.yaml: triggers[0] has as GET /things/{id}; keep one"
    )


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """Every file that is in the way is named."""
    for path in ("functions/sample/handler.py", "tests/unit/functions/test_sample.py"):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text("mine")
    assert problems(Project(tmp_path), Wanted("sample")) == (
        "functions/sample/handler.py: exists; choose another name, or remove it",
        "tests/unit/functions/test_sample.py: exists; choose another name, or remove it",
    )


def test_the_same_function_again(tmp_path: Path) -> None:
    """That it exists is said before what the two would have in common."""
    project, wanted = Project(tmp_path), Wanted("sample", {"http": "GET /things"})
    new_function(project, wanted, FakeLock())
    assert problems(project, wanted)[0] == "events/sample.json: exists; choose another name, or remove it"


def test_a_failing_lock_leaves_nothing(tmp_path: Path) -> None:
    """Not even empty folders; folders that were there stay."""
    (tmp_path / "events").mkdir()
    assert problems(Project(tmp_path), Wanted("sample"), FakeLock("no network")) == ("no network",)


def test_a_file_that_can_not_be_made_leaves_nothing(tmp_path: Path) -> None:
    """A checkout that is read-only, a disk that is full, or, as here, something else in the way."""
    (tmp_path / "events").write_text("no folder")
    assert problems(Project(tmp_path), Wanted("sample")) == (
        "events/sample.json can't be made: Not a directory; nothing was changed",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["events"]
