"""The test of a new function: it runs the handler on the sample event, with a real database if it has one."""

from string import Template

from toolchain.manifest.cognito_trigger import CognitoTrigger
from toolchain.manifest.http_trigger import HttpTrigger
from toolchain.manifest.message_triggers import SqsTrigger
from toolchain.manifest.model import Function
from toolchain.scaffold.docstrings import docstring
from toolchain.scaffold.handlers import METHODS_WITH_BODY

_TEST = '''$docstring
$imports
from collections.abc import Callable
from typing import Any

from functions.$name.handler import handler
$more_imports

def test_$test(invoke: Callable[..., Any]$fixtures) -> None:
    """$rule"""
$body
'''


def test_path(function: Function) -> str:
    """Where the test is: tests with a database take longer."""
    suite = "unit" if function.database == "none" else "integration"
    return f"tests/{suite}/functions/test_{function.name}.py"


def test_text(function: Function) -> str:
    """The source of the test, for a function with one trigger or none."""
    trigger = next(iter(function.triggers), None)
    match trigger:
        case HttpTrigger():
            member, value = _answered(trigger)
            return _filled(
                function,
                "the_sample_request_is_answered",
                "By the function that function.yaml declares, in the environment it gives.",
                f'answer = invoke("{function.name}", handler{_argument(function)})',
                'assert answer["statusCode"] == 200',
                f'assert json.loads(answer["body"])["{member}"] == "{value}"',
                imports="\nimport json",
            )
        case CognitoTrigger():
            return _filled(
                function,
                "the_event_comes_back",
                "Cognito takes nothing else for an answer.",
                f'answer = invoke("{function.name}", handler{_argument(function)})',
                'assert answer["userPoolId"] == "eu-west-1_EXAMPLE01"',
            )
        case SqsTrigger():
            return _filled(
                function,
                "the_sample_message_does_not_fail",
                "It is not delivered again.",
                f'answer = invoke("{function.name}", handler{_argument(function)})',
                'assert answer == {"batchItemFailures": []}',
            )
        case _:
            return _filled(
                function,
                "the_sample_event_is_handled",
                "Nothing is answered.",
                f'assert invoke("{function.name}", handler{_argument(function)}) is None',
            )


def _answered(trigger: HttpTrigger) -> tuple[str, str]:
    """A member of the answer, and its value for the sample request."""
    has_body = trigger.method in METHODS_WITH_BODY
    return ("name", "Ada Lovelace") if has_body else ("route", trigger.route_key)


def _argument(function: Function) -> str:
    return "" if function.database == "none" else ", database=database"


def _filled(function: Function, test: str, rule: str, *body: str, imports: str = "") -> str:
    return Template(_TEST).substitute(
        docstring=docstring(function.description),
        name=function.name,
        test=test,
        rule=rule,
        body="\n".join(f"    {line}" for line in body),
        imports=imports,
        more_imports="" if function.database == "none" else "from lib.database import Database\n",
        fixtures="" if function.database == "none" else ", database: Database",
    )
