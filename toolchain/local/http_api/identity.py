"""Names and times that an HTTP API puts on a request."""

import binascii
import random
import time
from dataclasses import dataclass

_random = random.Random()  # noqa: S311 - ids are no secrets, and the system's generator takes its time

_URL_SAFE = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, slots=True)
class Api:
    """Whose requests they are: what an event says of the API and its stage.

    The stage `$default` serves the root; another stage, such as `dev`, serves what is below /dev.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
    """

    account_id: str
    api_id: str
    region: str
    stage: str = "$default"
    stage_variables: tuple[tuple[str, str], ...] = ()

    @property
    def domain_name(self) -> str:
        """The name that API Gateway gives the API; requests without a Host header get it."""
        return f"{self.api_id}.execute-api.{self.region}.amazonaws.com"

    @property
    def prefix(self) -> str:
        """What paths of this stage begin with: `/dev`, or nothing."""
        return "" if self.stage == "$default" else f"/{self.stage}"


def make_request_id() -> str:
    """An id as API Gateway's: `JKJaXmPLvHcESHA=`, 11 bytes in URL-safe base64."""
    text = binascii.b2a_base64(_random.getrandbits(88).to_bytes(11), newline=False)
    return text.translate(_URL_SAFE).decode("ascii")


def make_trace_id(now: float) -> str:
    """The value of x-amzn-trace-id: `Root=1-6a5145a9-1bae89e2512ec92d5d9438a0`.

    https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
    """
    return f"Root=1-{int(now):08x}-{_random.getrandbits(96):024x}"


class CommonLogTimes:
    """Times as events and access logs show them, `12/Mar/2020:19:03:58 +0000`; made once a second."""

    _MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

    def __init__(self) -> None:
        self._second = -1
        self._text = ""

    def format(self, now: float) -> str:
        """The text for seconds since the epoch. Month names don't follow the locale, as strftime's would."""
        second = int(now)
        if second != self._second:
            moment = time.gmtime(second)
            month = self._MONTHS[moment.tm_mon - 1]
            self._text = time.strftime(f"%d/{month}/%Y:%H:%M:%S +0000", moment)
            self._second = second
        return self._text
