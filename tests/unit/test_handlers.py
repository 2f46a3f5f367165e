"""The functions without their database: what is declared, what is denied, what a client is told of."""

import importlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, override

import pytest

from lib.database import Database, DatabaseUnavailable, Transaction
from lib.problems import problem_of
from lib.settings import DatabaseSettings, SettingsError
from lib.users import FieldProblem, InvalidCursorError, InvalidUserError, UserDeletedError, UserNotFoundError
from tests.unit.http_events import Context
from toolchain.manifest import read_functions
from toolchain.project import Project

type Handler = Callable[..., Any]

HTTP_FUNCTIONS = ["delete_me", "get_me", "health", "list_users", "update_me"]
ALL_FUNCTIONS = [*HTTP_FUNCTIONS, "create_user", "migrate_database", "purge_deleted_users"]
GUARD = """

if __name__ == "__main__":
    from toolchain.local.runner import main

    raise SystemExit(main(__spec__.name))
"""


class FailingDatabase(Database):
    """A database whose every use raises an error."""

    def __init__(self, error: Exception) -> None:
        super().__init__(DatabaseSettings(host="127.0.0.1", port=1, name="none", auth="password"))
        self._error = error

    @override
    def run[T](self, work: Callable[[Transaction], T], *, idempotent: bool) -> T:
        raise self._error

    @override
    def check(self) -> None:
        raise self._error


def _event(checkout: Project, name: str, case: str = "") -> dict[str, Any]:
    path = Path(name, f"{case}.json") if case else Path(f"{name}.json")
    event: dict[str, Any] = json.loads((checkout.events / path).read_text())
    return event


@pytest.fixture
def handler_of(monkeypatch: pytest.MonkeyPatch, checkout: Project) -> Callable[[str], Handler]:
    """A function that gives a function's handler, in the environment that is declared for it."""

    def import_handler(name: str) -> Handler:
        for variable, value in read_functions(checkout)[name].variables.items():
            monkeypatch.setenv(variable, value)
        handler: Handler = importlib.import_module(f"functions.{name}.handler").handler
        return handler

    return import_handler


def _problem(answer: Mapping[str, Any]) -> dict[str, Any]:
    problem: dict[str, Any] = json.loads(answer["body"])
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert answer["statusCode"] == problem["status"]
    return problem


@pytest.mark.parametrize("name", ALL_FUNCTIONS)
def test_a_handler_can_be_run_as_a_module(checkout: Project, name: str) -> None:
    """`python -m functions.NAME.handler`: so nothing above the last lines may need the environment."""
    assert (checkout.functions / name / "handler.py").read_text().endswith(GUARD)


def test_triggers_of_the_pool_give_up_before_cognito_does(checkout: Project) -> None:
    """Cognito waits for five seconds, a cold start and the way there and back included."""
    too_late = {
        name: function.timeout_seconds
        for name, function in read_functions(checkout).items()
        if function.cognito and function.timeout_seconds > 4
    }
    assert too_late == {}


def test_a_statement_of_a_migration_ends_before_the_function_does(checkout: Project) -> None:
    """Later than that, Lambda would stop the function, and nothing would tell why; sooner is too soon."""
    statement_seconds = importlib.import_module("functions.migrate_database.handler").STATEMENT_SECONDS
    assert read_functions(checkout)["migrate_database"].timeout_seconds == 900  # Lambda's longest
    assert 900 - statement_seconds == 60


def test_all_functions_are_declared(checkout: Project) -> None:
    """All manifests are valid, together and with their sample events."""
    assert set(ALL_FUNCTIONS) <= set(read_functions(checkout))


def test_who_may_use_which_route(checkout: Project) -> None:
    declared: dict[str, Any] = {}
    for name in HTTP_FUNCTIONS:
        declared |= json.loads(read_functions(checkout)[name].variables["HTTP_ROUTE_GROUPS"])
    assert declared == {
        "GET /health": None,
        "GET /me": [],
        "PATCH /me": [],
        "DELETE /me": [],
        "GET /users": ["admins"],
    }


UNTOUCHED = FailingDatabase(AssertionError("the database was used"))


@pytest.mark.parametrize("name", ["delete_me", "get_me", "list_users", "update_me"])
def test_nobody_comes_in_without_claims(
    handler_of: Callable[[str], Handler], checkout: Project, name: str
) -> None:
    event = _event(checkout, name)
    del event["requestContext"]["authorizer"]
    answer = handler_of(name)(event, Context(), database=UNTOUCHED)
    assert _problem(answer) == {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "instance": "JKJaXmPLvHcESHA=",
    }


def test_users_are_listed_for_admins_only(handler_of: Callable[[str], Handler], checkout: Project) -> None:
    event = _event(checkout, "list_users", "not_an_admin")
    answer = handler_of("list_users")(event, Context(), database=UNTOUCHED)
    assert _problem(answer)["status"] == 403


def test_an_invalid_patch_is_refused(handler_of: Callable[[str], Handler], checkout: Project) -> None:
    event = _event(checkout, "update_me", "invalid")
    answer = handler_of("update_me")(event, Context(), database=UNTOUCHED)
    assert _problem(answer)["errors"] == [
        {"detail": "Input should be a valid string", "pointer": "#/locale"},
        {"detail": "Extra inputs are not permitted", "pointer": "#/nmae"},
    ]


@pytest.mark.parametrize("name", HTTP_FUNCTIONS)
def test_a_database_that_cannot_be_reached(
    handler_of: Callable[[str], Handler], checkout: Project, name: str
) -> None:
    """503 and when to try again; host and account are for the log."""
    unavailable = FailingDatabase(DatabaseUnavailable("db.internal:3306: Too many connections"))
    answer = handler_of(name)(_event(checkout, name), Context(), database=unavailable)
    assert answer["headers"]["retry-after"] == "2"
    assert _problem(answer) == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "The database can't be reached.",
        "instance": "JKJaXmPLvHcESHA=",
    }


def test_settings_are_read_when_they_are_needed() -> None:
    """Importing a handler needs no environment, and all that is missing is reported at once."""
    environ: dict[str, str] = {"DATABASE_AUTH": "password"}
    database = Database.from_environ(environ)
    with pytest.raises(SettingsError) as caught:
        database.check()
    assert caught.value.problems == (
        "DATABASE_HOST is not set",
        "DATABASE_NAME is not set",
        "DATABASE_PASSWORD is not set",
        "DATABASE_USER is not set",
    )


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (
            UserDeletedError("sub"),
            {
                "type": "urn:problem-type:account-deleted",
                "title": "Gone",
                "status": 410,
                "detail": "This account was deleted.",
                "instance": "id",
            },
        ),
        (
            UserNotFoundError("sub"),
            {
                "type": "about:blank",
                "title": "Not Found",
                "status": 404,
                "detail": "There is no such user.",
                "instance": "id",
            },
        ),
        (
            InvalidCursorError("x"),
            {
                "type": "about:blank",
                "title": "Bad Request",
                "status": 400,
                "detail": "The cursor is not one that this list gave.",
                "instance": "id",
            },
        ),
        (
            InvalidUserError([FieldProblem("name", "is empty"), FieldProblem("locale", "is no tag")]),
            {
                "type": "urn:problem-type:invalid-request",
                "title": "Unprocessable Content",
                "status": 422,
                "detail": "2 of the values can't be accepted.",
                "instance": "id",
                "errors": [
                    {"detail": "locale is no tag", "pointer": "#/locale"},
                    {"detail": "name is empty", "pointer": "#/name"},
                ],
            },
        ),
    ],
)
def test_errors_of_the_domain(error: Exception, problem: dict[str, Any]) -> None:
    told = problem_of(error)
    assert told is not None
    assert told.response("id").content == problem


def test_other_errors_are_no_business_of_clients() -> None:
    assert problem_of(ValueError("x")) is None
