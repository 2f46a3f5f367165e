"""Does what its event says."""

if __name__ == "__main__":  # python -m functions.obliging.handler
    from toolchain.local.runner import main

    raise SystemExit(main(__spec__.name))

import logging
import os
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

from functions.obliging import words
from lib import accounts

print("imported as", __name__)


def handler(event, context):
    return globals()[event["do"]](event, context)


def echo(event, context):
    print("printed")
    subprocess.run(["echo", "by a process"], check=True)
    logging.getLogger("app").warning("logged")
    return {"greeting": words.GREETING, "event": event, "request_id": context.aws_request_id}


def describe_context(event, context):
    remaining = context.get_remaining_time_in_millis()
    return {
        "arn": context.invoked_function_arn,
        "name": context.function_name,
        "memory": context.memory_limit_in_mb,
        "remaining": 1900 < remaining <= 2000,
        "same stream": context.log_stream_name == os.environ["AWS_LAMBDA_LOG_STREAM_NAME"],
    }


def read_variable(event, context):
    return {name: os.environ.get(name) for name in event["names"]}


def import_module(event, context):
    return __import__(event["name"]).__name__


def look_around(event, context):
    return {"directory": os.getcwd(), "root": os.environ["LAMBDA_TASK_ROOT"], "stdin": sys.stdin.read()}


def fail(event, context):
    return accounts.find("ada")


def exit(event, context):
    sys.exit(event["status"])


def die(event, context):
    os.kill(os.getpid(), event["signal"])


def leave_child(event, context):
    child = subprocess.Popen(["sleep", "60"])
    Path(event["file"]).write_text(str(child.pid))
    time.sleep(event["seconds"])
    return "done"


def fork(event, context):
    """A process without exec has copies of everything that is open."""
    child = os.fork()
    if child == 0:
        time.sleep(60)
        os._exit(0)
    Path(event["file"]).write_text(str(child))
    os._exit(4)


def return_set(event, context):
    return {1, 2}


def return_much(event, context):
    return "x" * event["bytes"]


def return_unusual(event, context):
    return {"tuple": namedtuple("Point", "x y")(1, 2), "bytes": b"text", "text": "Zoë"}


def debug(event, context):
    breakpoint()
    return {"answer": event["answer"]}


def return_bytes(event, context):
    return bytes(range(256))
