"""What lib.logging writes, read back."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from logging import StreamHandler
from typing import Any

from lib.logging import logger


@contextmanager
def recorded() -> Iterator[list[dict[str, Any]]]:
    """Yield a list that has, after the block, the records that were written in it: a line of JSON each."""
    records: list[dict[str, Any]] = []
    stream = io.StringIO()
    handler = logger.logger_handler
    assert isinstance(handler, StreamHandler)
    before = handler.setStream(stream)
    try:
        yield records
    finally:
        handler.setStream(before)
        records.extend(json.loads(line) for line in stream.getvalue().splitlines())
