"""Does what its event says, in a process that lives on."""

import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

MODULES_BEFORE = sorted(sys.modules)

from lib import words

print("imported")

STATE = {"requests": 0, "kept": []}


def handler(event, context):
    STATE["requests"] += 1
    return globals()[event.get("do", "echo")](event, context)


def echo(event, context):
    return {"event": event, "greeting": words.GREETING}


def about(event, context):
    return {"pid": os.getpid(), "requests": STATE["requests"], "id": context.aws_request_id}


def describe_context(event, context):
    client = context.client_context
    return {
        "arn": context.invoked_function_arn,
        "name": context.function_name,
        "version": context.function_version,
        "memory": context.memory_limit_in_mb,
        "remaining": 0 < context.get_remaining_time_in_millis() <= 2000,
        "stream": context.log_stream_name == os.environ["AWS_LAMBDA_LOG_STREAM_NAME"],
        "custom": client and client.custom,
        "trace": os.environ.get("_X_AMZN_TRACE_ID"),
        "type": type(context).__module__,
    }


def surroundings(event, context):
    return {
        "variables": dict(os.environ),
        "directory": os.getcwd(),
        "arguments": sys.argv[1:],
        "timezone": time.tzname[0],
        "threads": threading.active_count(),
        "stdin": sys.stdin.read(),
        "path": sys.path,
        "descriptors": sorted(int(entry.name) for entry in Path("/proc/self/fd").iterdir()),
    }


def trace(event, context):
    """As this process has it, and as one that it starts."""
    name = "_X_AMZN_TRACE_ID"
    return [os.environ[name], subprocess.check_output(["printenv", name], text=True).strip()]


def modules_before(event, context):
    return MODULES_BEFORE


def import_module(event, context):
    return __import__(event["name"]).__name__


def speak(event, context):
    print("printed")
    print("to stderr", file=sys.stderr)
    subprocess.run(["echo", "by a process"], check=True)
    logging.getLogger("app").warning("logged")
    print("unfinished", end="")


def print_much(event, context):
    line = "x" * 1023
    for _ in range(event["kilobytes"]):
        print(line)


def fail(event, context):
    raise LookupError("no such account")


def exit(event, context):
    sys.exit(event["status"])


def die(event, context):
    os.kill(os.getpid(), event["signal"])


def close_everything(event, context):
    os.closerange(3, 100)
    time.sleep(30)


def sleep(event, context):
    time.sleep(event["seconds"])
    return os.getpid()


def spin(event, context):
    Path(event["file"]).write_text(str(os.getpid()))
    while True:
        pass


def start_process(event, context):
    child = subprocess.Popen(["sleep", "600"])
    Path(event["file"]).write_text(f"{os.getpid()} {child.pid}")
    time.sleep(event["seconds"])
    return child.pid


def take_memory(event, context):
    for _ in range(event["megabytes"]):
        STATE["kept"].append(bytearray(os.urandom(1 << 10) * (1 << 10)))
        time.sleep(event.get("pause", 0))
    if not event.get("keep"):
        STATE["kept"].clear()
    return "done"


def return_set(event, context):
    return {1}


def return_much(event, context):
    return "x" * event["bytes"]


def return_bytes(event, context):
    return b"\xff\x00"
