"""Bodies of requests inside events: text as it is, everything else in base64."""

import base64
from functools import lru_cache

# "The body is delivered as a UTF-8 string only for text/*, application/json, application/xml and
# application/javascript; everything else - including a missing Content-Type and
# application/x-www-form-urlencoded - is base64-encoded": measured on AWS by
# github.com/ministackorg/ministack/pull/766. Another charset makes it base64, says github.com/floci-io/floci
# (BuildV2ProxyEventBodyEncodingTest). The documentation says nothing.
_TEXT = frozenset({"application/json", "application/xml", "application/javascript"})


@lru_cache(maxsize=256)
def is_text(content_type: str) -> bool:
    """Whether a body of this type is handed on as text.

    >>> is_text("application/json; charset=utf-8"), is_text("application/x-www-form-urlencoded")
    (True, False)
    """
    media_type, *parameters = content_type.lower().split(";")
    pairs = [parameter.partition("=") for parameter in parameters]
    charsets = [value.strip(' "') for name, _, value in pairs if name.strip() == "charset"]
    has_text = media_type.strip() in _TEXT or media_type.strip().startswith("text/")
    return has_text and charsets in ([], ["utf-8"])


def encode_body(body: bytes, content_type: str) -> tuple[str, bool]:
    """The body as events have it, and whether that is base64.

    What is no UTF-8 in a body that says it is text becomes U+FFFD. [U]
    """
    if is_text(content_type):
        return body.decode("utf-8", "replace"), False
    return base64.b64encode(body).decode("ascii"), True
