"""Access logs of deployed APIs: a line for each request, in the stage's format, in its log group.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
"""

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from moto.logs.models import logs_backends

from toolchain.local.aws.log_streams import put_events
from toolchain.local.http_api.identity import Api
from toolchain.local.place import Place

_VARIABLE = re.compile(r"\$context\.([A-Za-z0-9_]+(?:\.[A-Za-z0-9_-]+)*)")
_MISSING = "-"
_WAITING_LINES = 10_000
# What toolchain.local.http_api.access_log calls otherwise than the variables are called.
_NAMES = {
    "identity.sourceIp": "ip",
    "integration.requestId": "integrationRequestId",
    "integration.latency": "integrationLatency",
    "integration.error": "integrationError",
    "integrationErrorMessage": "integrationError",
    "authorizer.error": "authorizerError",
    "error.message": "error",
}


def render(template: str, members: Mapping[str, Any], api: Api) -> str:
    """The line of a request in a stage's format; a variable without a value is `-`.

    `members` are those of http_api.access_log.make_line.

    >>> render('{"id":"$context.requestId","error":"$context.error.message"}', {"requestId": "a"}, api)
    '{"id":"a","error":"-"}'
    """
    # Lambda's own status, not the function's: it is asked, or it is not.
    status = 200 if "integrationRequestId" in members else None
    known = {
        **dict.fromkeys(("integrationStatus", "integration.status", "integration.integrationStatus"), status),
        "accountId": api.account_id,
        "apiId": api.api_id,
        "stage": api.stage,
        "domainName": api.domain_name,
        "extendedRequestId": members.get("requestId"),
    }

    def value(found: re.Match[str]) -> str:
        name = found[1]
        text = members.get(_NAMES.get(name, name), known.get(name))
        return _MISSING if text is None else str(text)

    return _VARIABLE.sub(value, template)


@dataclass(frozen=True, slots=True)
class _Line:
    place: Place
    group: str
    stream: str
    time_ms: int
    text: str


class AccessLogs:
    """Keeps lines until somebody asks for logs: moto gets them then (as aws.function_logs does it)."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._waiting: deque[_Line] = deque(maxlen=_WAITING_LINES)
        self._delivering = threading.Lock()

    def writer(self, api: Api, place: Place, group: str, template: str) -> Callable[[bytes], None]:
        """toolchain.local.http_api.access_log.AccessLog, for the stage of an API."""

        def write(line: bytes) -> None:
            text = render(template, orjson.loads(line), api)
            self._waiting.append(_Line(place, group, api.api_id, int(self._clock() * 1000), text))

        return write

    def deliver(self) -> None:
        """Bring moto up to date. Lines for a log group that is gone are lost, as on AWS."""
        with self._delivering:
            while self._waiting:
                _deliver(self._waiting.popleft())


def _deliver(line: _Line) -> None:
    groups = logs_backends[line.place.account_id][line.place.region].groups
    group = groups.get(line.group)
    if group is not None:
        put_events(group, line.stream, [{"timestamp": line.time_ms, "message": line.text}])
