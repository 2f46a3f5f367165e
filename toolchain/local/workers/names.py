"""How callers name functions: `users`, `users:live`, `123456789012:function:users`, ARNs with or without
qualifier.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters
"""

import re
from dataclasses import dataclass

from toolchain.local.invocation import InvalidParameterError

_NAME = re.compile(
    r"(?:(?:arn:(?P<partition>aws[a-z-]*):lambda:(?P<region>[a-z0-9-]+):)?(?P<account>\d{12}):function:)?"
    r"(?P<name>[a-zA-Z0-9_-]{1,64})"
    r"(?::(?P<qualifier>\$LATEST|[a-zA-Z0-9_-]{1,128}))?"
)
_QUALIFIER = re.compile(r"\$LATEST|[a-zA-Z0-9_-]{1,128}")


@dataclass(frozen=True, slots=True)
class Name:
    """A function, and which of its versions or aliases; region and account where they were told."""

    name: str
    qualifier: str | None
    region: str | None = None
    account: str | None = None


def parse_name(text: str, qualifier: str | None = None) -> Name:
    """What `text` and the Qualifier parameter name together.

    >>> parse_name("arn:aws:lambda:eu-west-1:123456789012:function:users:live").qualifier
    'live'

    Raises InvalidParameterError.
    """
    match = _NAME.fullmatch(text)
    if match is None:
        raise InvalidParameterError(f"{text!r} is no name or ARN of a function")
    if qualifier is not None and not _QUALIFIER.fullmatch(qualifier):
        raise InvalidParameterError(f"Qualifier {qualifier!r} is no version or alias")
    derived = match["qualifier"]
    if derived and qualifier and derived != qualifier:
        raise InvalidParameterError(
            "The derived qualifier from the function name does not match the specified qualifier."
        )
    return Name(match["name"], derived or qualifier, match["region"], match["account"])
