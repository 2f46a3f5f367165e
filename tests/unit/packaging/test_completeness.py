"""Whether a package has what its function needs to start."""

import ast

import pytest

from toolchain.packaging.completeness import missing, required_names

ALWAYS = """\
import json, users.model
from mail import send
from . import sibling
from ..http import problems as p
"""
SOMETIMES = """\
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import checked
try:
    import tried
except ImportError:
    tried = None
def function():
    import deferred
class Class:
    import inner
"""


def _required(source: str, name: str = "functions/x/handler.py") -> list[str]:
    return required_names(ast.parse(source), name)


def test_imports_that_always_run() -> None:
    assert _required(ALWAYS) == [
        "functions.http",
        "functions.http.problems",
        "functions.x",
        "functions.x.sibling",
        "json",
        "mail",
        "mail.send",
        "users.model",
    ]


def test_imports_that_may_fail_or_never_run() -> None:
    assert _required(SOMETIMES) == ["typing", "typing.TYPE_CHECKING"]


def test_relative_imports_of_a_package() -> None:
    assert _required("from .a import b", "lib/http/__init__.py") == ["lib.http.a", "lib.http.a.b"]


def test_an_import_from_beyond_the_repository_names_nothing() -> None:
    assert _required("from .... import x") == []


def _missing(required: dict[str, list[str]], *file_names: str) -> list[str]:
    return list(missing("x", {"functions.x.handler": [], **required}, file_names))


def _message(module: str, distribution: str) -> str:
    return (
        f"functions/x/requirements.in: {module} imports {distribution}, which nothing in the package "
        "provides; add what does and run `invoke lock`"
    )


@pytest.mark.parametrize(
    "name",
    [
        "json",
        "xml.dom",
        "boto3",
        "botocore.config",
        "urllib3",
        "lib.users",
        "functions.x.other",
        "pydantic.v1",
    ],
)
def test_what_is_there(name: str) -> None:
    required = {"functions.x.handler": [name], "lib.users": [], "functions.x.other": []}
    assert _missing(required, "pydantic/v1/__init__.py") == []


@pytest.mark.parametrize(
    "file_name",
    ["users.py", "users/__init__.py", "users.cpython-313-x86_64-linux-gnu.so", "users/deep/model.py"],
)
def test_whatever_form_a_module_has(file_name: str) -> None:
    assert _missing({"functions.x.handler": ["users.model"]}, file_name) == []


def test_what_is_not_there_is_named_once() -> None:
    required = {
        "functions.x.handler": ["lib.http", "requests.auth", "requests"],
        "lib": [],
        "lib.http": ["pydantic", "requests"],
    }
    assert _missing(required, "pydantic_core/__init__.py") == [
        _message("functions.x.handler", "requests"),
        _message("lib.http", "pydantic"),
    ]


def test_modules_that_the_function_does_not_import_may_lack_something() -> None:
    assert _missing({"lib.users": ["pymysql"], "functions.x.script": ["click"]}) == []


def test_a_parents_package_counts() -> None:
    """Importing lib.http.users runs lib/http/__init__.py first."""
    required = {"functions.x.handler": ["lib.http.users"], "lib.http": ["pydantic"], "lib.http.users": []}
    assert _missing(required) == [_message("lib.http", "pydantic")]


def test_included_modules_provide_themselves() -> None:
    required = {"functions.x.handler": ["vendored.users"], "vendored.users": []}
    assert _missing(required) == []
