"""What failed, in the user's terms: type, message, and the traceback without the runner's frames."""

import importlib
from pathlib import Path
from traceback import TracebackException

from toolchain.local.run.child.handler import LambdaError

_RUNNER = str(Path(__file__).parent)
_IMPORTLIB = (str(importlib.__file__), "<frozen importlib")


def describe(error: Exception) -> dict[str, str | None]:
    """The message to the parent: error_type, message, traceback (None: it says nothing), missing_module."""
    cause = error.__cause__ if isinstance(error, LambdaError) else error
    return {
        "error_type": error.error_type if isinstance(error, LambdaError) else type(error).__name__,
        "message": str(error),
        "traceback": _traceback(cause) if cause else None,
        "missing_module": cause.name if isinstance(cause, ModuleNotFoundError) else None,
    }


def _traceback(error: BaseException) -> str:
    report = TracebackException.from_exception(error)
    _remove_runner(report)
    return "".join(report.format())


def _remove_runner(report: TracebackException) -> None:
    """Of the error, and of those that led to it."""
    report.stack[:] = [frame for frame in report.stack if not _is_runner(frame.filename)]
    for related in (report.__cause__, report.__context__, *(report.exceptions or ())):
        if related is not None:
            _remove_runner(related)


def _is_runner(filename: str) -> bool:
    return filename.startswith((_RUNNER, *_IMPORTLIB))
