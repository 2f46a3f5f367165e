"""S3: of several writers that ask for the same condition at once, one wins."""

import threading
from typing import Any

from moto.s3.responses import S3Response

_writing = threading.Lock()


def correct() -> None:
    _write_one_at_a_time()


def _write_one_at_a_time() -> None:
    """The condition is looked at before the write, and requests run in threads: both of two would win.

    Terraform's lock and that of releases are made of such writes.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    """
    put_object = S3Response.put_object

    def put_alone(self: S3Response) -> Any:  # noqa: ANN401  moto's
        if not (self.headers.get("If-Match") or self.headers.get("If-None-Match")):
            return put_object(self)
        with _writing:
            return put_object(self)

    S3Response.put_object = put_alone  # type: ignore[method-assign]
