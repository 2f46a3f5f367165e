"""Answers to clients."""

from typing import NamedTuple

import orjson

type Field = tuple[bytes, bytes]
"""A header field: its name in small letters, and its value."""

JSON: Field = (b"content-type", b"application/json")

# These have no content, whatever a function says (RFC 9110, 15.3.5 and 15.4.5).
_WITHOUT_CONTENT = frozenset({204, 304})


class Answer(NamedTuple):
    """Status, header fields (content-length apart) and content."""

    status: int
    fields: list[Field]
    content: bytes

    @property
    def has_content(self) -> bool:
        """Whether the status allows content at all."""
        return self.status not in _WITHOUT_CONTENT


def json_message(status: int, message: str, *fields: Field) -> Answer:
    """An answer as API Gateway makes them itself: `{"message":"Not Found"}`."""
    return Answer(status, [JSON, *fields], orjson.dumps({"message": message}))
