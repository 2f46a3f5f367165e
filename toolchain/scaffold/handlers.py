"""The handler.py of a new function: what its kind of trigger needs, and little more."""

from collections.abc import Mapping
from string import Template

from toolchain.manifest.cognito_trigger import CognitoTrigger
from toolchain.manifest.http_trigger import HttpTrigger
from toolchain.manifest.message_triggers import SqsTrigger
from toolchain.manifest.model import Function
from toolchain.scaffold.docstrings import docstring

METHODS_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})

_ROUTE = '''$docstring

import os

from lib import http
${database}${translation}$settings

@http.endpoint(os.environ$problems)
def handler(request: http.Request$parameter) -> dict[str, str]:
    """Answer with what was asked for."""
${query}    return {**request.path_parameters, "route": request.route_key}
'''

_ROUTE_WITH_BODY = '''$docstring

import os

from lib import http
${database}from lib.http.models import Body, Field
${translation}$settings

class Content(Body):
    """What the client sends."""

    name: str = Field(min_length=1, max_length=100)


@http.endpoint(os.environ, body=Content$problems)
def handler(request: http.Request[Content]$parameter) -> dict[str, str]:
    """Answer with what was sent."""
${query}    return {**request.path_parameters, "name": request.body.name}
'''

_WITH_DATABASE = {
    "os": "import os\n",
    "database": "from lib.database import Database\n",
    "translation": "from lib.problems import problem_of\n",
    "settings": "\nDATABASE = Database.from_environ(os.environ)\n",
    "problems": ", problems=problem_of",
    "parameter": ", database: Database = DATABASE",
    "query": '    database.run(lambda transaction: transaction.rows("SELECT 1"), idempotent=True)\n',
}
_WITHOUT_DATABASE = dict.fromkeys(_WITH_DATABASE, "")

_POOL_TRIGGER = '''$docstring

${os}${gap}from lib import cognito
${database}from lib.logging import logger
$settings

@cognito.trigger(cognito.$kind)
def handler(event: cognito.$kind$parameter) -> None:
    """Let Cognito go on; fill in event.response, or raise cognito.RefusedError, to have it do otherwise."""
${query}    logger.info("called", trigger_source=event.trigger_source)
'''

_QUEUE = '''$docstring

${os}${partial}from typing import Any

from aws_lambda_powertools.utilities.batch import $names, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from lib.context import LambdaContext
${database}from lib.logging import logged, logger
$settings
PROCESSOR = $processor


@logged
def handler($parameters) -> PartialItemFailureResponse:
    """Work on each message; those that fail are delivered again, the others are not."""
${work}    return process_partial_response(event, record_handler=$worker, processor=PROCESSOR)


def work_on(record: SQSRecord$given) -> None:
    """Work on one message, which may be delivered again: twice does no harm. An error asks for that."""
${query}    logger.info("message", message_id=record.message_id)
'''

_QUEUE_WITH_DATABASE = {
    "partial": "from functools import partial\n",
    "parameters": "\n    event: dict[str, Any], _: LambdaContext, database: Database = DATABASE\n",
    "work": "    work = partial(work_on, database=database)\n",
    "worker": "work",
    "given": ", database: Database",
}
_QUEUE_WITHOUT_DATABASE = {
    **dict.fromkeys(_QUEUE_WITH_DATABASE, ""),
    "parameters": "event: dict[str, Any], _: LambdaContext",
    "worker": "work_on",
}

_EVENT = '''$docstring

${os}from typing import Any

from lib.context import LambdaContext
${database}from lib.logging import logged, logger
$settings

@logged
def handler(event: dict[str, Any], _: LambdaContext$parameter) -> None:
    """$summary"""
${query}    logger.info("called", $logged)
'''

_RUN = """

if __name__ == "__main__":
    from toolchain.local.runner import main

    raise SystemExit(main(__spec__.name))
"""

_OF_KIND: Mapping[str | None, Mapping[str, str]] = {
    "schedule": {
        "summary": "Do what is due. A run may be repeated: twice does no harm.",
        "logged": "keys=sorted(event)",
    },
    "sns": {
        "summary": "Work on a message of the topic, which may be delivered again: twice does no harm.",
        "logged": 'messages=len(event["Records"])',
    },
    "s3": {
        "summary": "Work on objects that changed; their keys are URL-encoded.",
        "logged": 'changes=len(event["Records"])',
    },
    "eventbridge": {
        "summary": "Work on an event of the bus, which may be delivered again: twice does no harm.",
        "logged": 'detail_type=event["detail-type"]',
    },
    "dynamodb_stream": {
        "summary": "Work on changes, oldest first; after an error the whole batch is delivered again.",
        "logged": 'changes=len(event["Records"])',
    },
    None: {
        "summary": "Do what the caller asks for.",
        "logged": "keys=sorted(event)",
    },
}


def handler_text(function: Function) -> str:
    """The source of handler.py, for a function with one trigger or none."""
    return _handler(function) + _RUN


def requirements_text(function: Function) -> str:
    """What handler.py and the parts of lib/ that it uses import: a requirements.in."""
    has_model = any(trigger.method in METHODS_WITH_BODY for trigger in function.http)
    has_database = function.database != "none"
    more = ["pydantic"] * has_model + ["pymysql"] * has_database
    return "".join(f"{line}\n" for line in ["aws-lambda-powertools", *more])


def _handler(function: Function) -> str:
    trigger = next(iter(function.triggers), None)
    has_database = function.database != "none"
    match trigger:
        case HttpTrigger():
            template = _ROUTE_WITH_BODY if trigger.method in METHODS_WITH_BODY else _ROUTE
            return _filled(template, function)
        case CognitoTrigger():
            kind = trigger.trigger + ("V2" if trigger.version in {"V2_0", "V3_0"} else "")
            return _filled(_POOL_TRIGGER, function, kind=kind, gap="\n" if has_database else "")
        case SqsTrigger():
            parts = _QUEUE_WITH_DATABASE if has_database else _QUEUE_WITHOUT_DATABASE
            return _filled(_QUEUE, function, **_processor(trigger), **parts)
        case _:
            return _filled(_EVENT, function, **_OF_KIND[trigger.kind if trigger else None])


def _filled(template: str, function: Function, **values: str) -> str:
    parts = _WITHOUT_DATABASE if function.database == "none" else _WITH_DATABASE
    return Template(template).substitute(parts, docstring=docstring(function.description), **values)


def _processor(trigger: SqsTrigger) -> dict[str, str]:
    """Of a FIFO queue, what follows a failed message is not worked on: the order stays."""
    if trigger.queue.endswith(".fifo"):
        return {"names": "SqsFifoPartialProcessor", "processor": "SqsFifoPartialProcessor()"}
    return {
        "names": "BatchProcessor, EventType",
        "processor": "BatchProcessor(event_type=EventType.SQS)",
    }
