"""The entries of PutEvents: each is taken or refused for itself, and the call succeeds.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
"""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from moto.events.exceptions import ResourceNotFoundException
from moto.events.models import EventsBackend
from moto.events.responses import EventsHandler

from toolchain.local.triggers.calls import logger
from toolchain.local.triggers.replacements import Replacement

_MOST_ENTRIES = 10

type Entry = Mapping[str, Any]


def replacements() -> list[Replacement]:
    """Of what clients send; moto itself sends events of services, from one bus to another, too."""

    def put_events(request: EventsHandler) -> str:
        entries = request._get_param("Entries")  # noqa: SLF001 - as moto's methods do
        backend = request.events_backend
        if len(entries) > _MOST_ENTRIES:
            backend.put_events(entries)  # it refuses them
        results = [_refusal(entry) or _put(backend, entry) for entry in entries]
        failed = sum("ErrorCode" in result for result in results)
        return json.dumps({"FailedEntryCount": failed, "Entries": results})

    return [Replacement(EventsHandler, "put_events", put_events)]


def _put(backend: EventsBackend, entry: Entry) -> Entry:
    """An event for a bus that is not there is lost, and has an id all the same.

    https://github.com/aws/aws-cli/issues/9186
    """
    try:
        [result] = backend.put_events([dict(entry)])
    except ResourceNotFoundException as error:
        logger.warning("an event of %s is lost: %s", entry["Source"], error.message)
        return {"EventId": str(uuid.uuid4())}
    return result


def _refusal(entry: Entry) -> Entry | None:
    """Beside those of moto, which come first at AWS, too [U]."""
    if not (entry.get("Source") and entry.get("DetailType") and entry.get("Detail")):
        return None
    if entry["Source"].startswith("aws."):
        code = "NotAuthorizedForSourceException"
        return {"ErrorCode": code, "ErrorMessage": "Not authorized for the source."}
    if not _is_object(entry["Detail"]):
        return {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
    return None


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False
