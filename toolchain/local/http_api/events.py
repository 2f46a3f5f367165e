"""The event that a function gets of a request."""

import orjson

from toolchain.local.http_api.event_1_0 import event_1_0
from toolchain.local.http_api.event_2_0 import event_2_0
from toolchain.local.http_api.particulars import Particulars


def make_event(of: Particulars) -> bytes:
    """The event, as JSON, in the format that the route asks for."""
    make = event_1_0 if of.match.route.payload_format_version == "1.0" else event_2_0
    return orjson.dumps(make(of))
