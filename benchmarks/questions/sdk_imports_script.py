"""Imports a module from directories, and prints which modules of the AWS SDK that loaded; for handlers.py."""

import importlib
import sys

if __name__ == "__main__":
    sys.path[:0] = sys.argv[2:]
    importlib.import_module(sys.argv[1])
    print(*sorted(name for name in sys.modules if name.partition(".")[0] in {"boto3", "botocore"}))  # noqa: T201
