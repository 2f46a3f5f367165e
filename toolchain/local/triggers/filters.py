"""The filters of event source mappings: patterns of records.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from moto.events.models import EventPattern

from toolchain.manifest.patterns import check_pattern


def check_filter(text: str) -> None:
    """Raise ValueError for what is no pattern."""
    pattern = json.loads(text)
    if not isinstance(pattern, dict):
        raise ValueError("The pattern must be an object.")  # noqa: TRY004 - of a text
    check_pattern(pattern)


def passes(filters: Sequence[str], record: Mapping[str, Any], data_key: str | None = None) -> bool:
    """Whether any of the patterns matches the record.

    Under the data key, a record has text. A pattern that looks inside, as `{"body": {"kind": ["order"]}}`
    does, matches only JSON.
    """
    return any(_matches(json.loads(text), record, data_key) for text in filters)


def _matches(pattern: Mapping[str, Any], record: Mapping[str, Any], data_key: str | None) -> bool:
    if data_key and isinstance(pattern.get(data_key), dict):
        try:
            record = {**record, data_key: json.loads(record[data_key])}
        except ValueError:
            return False
    # moto's matcher is that of event buses; the language is the same
    return EventPattern(None, dict(pattern)).matches_event(record)  # type: ignore[arg-type]
