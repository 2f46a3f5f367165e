"""Modules of the standard library that most functions import, loaded once for all of them.

A module that is loaded already can hide a missing import: after `import concurrent`, the expression
`concurrent.futures` works only if somebody has imported that. So of packages nothing is here that Lambda's
runtime has not loaded too when it imports a handler; modules on their own hide nothing. The exception is
importlib.machinery, which dataclasses needs, and which functions hardly do.
"""

import importlib

# awslambdaric of Python 3.12 and later waits for invocations in a ThreadPoolExecutor.
_OF_THE_RUNTIME = ("concurrent.futures.thread", "decimal", "json", "logging", "traceback")
_MODULES = (
    *("argparse", "ast", "base64", "bisect", "calendar", "contextvars", "copy", "csv", "dataclasses"),
    *("datetime", "fractions", "getpass", "gzip", "hashlib", "hmac", "inspect", "ipaddress", "locale"),
    *("lzma", "numbers", "pickle", "platform", "queue", "random", "secrets", "selectors", "shutil"),
    *("statistics", "string", "subprocess", "tempfile", "textwrap", "threading", "tokenize", "typing"),
    "uuid",
)


def preload() -> None:
    for name in _OF_THE_RUNTIME + _MODULES:
        importlib.import_module(name)
