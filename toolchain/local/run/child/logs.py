"""The root logger as Lambda's runtime sets it up: level WARNING, one tab-separated line per record on stdout.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

import logging
import sys
import time

_FORMAT = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"


class _RequestId(logging.Filter):
    """Gives every record the id of the request that is being answered; empty during the import."""

    current = ""

    def filter(self, record: logging.LogRecord) -> bool:
        record.aws_request_id = self.current
        return True


_request_id = _RequestId()


def install() -> None:
    formatter = logging.Formatter(_FORMAT, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    handler.addFilter(_request_id)
    logging.getLogger().addHandler(handler)


def set_request_id(request_id: str) -> None:
    _request_id.current = request_id
