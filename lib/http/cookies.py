"""Cookies to set (RFC 6265, 4.1)."""

import re
from dataclasses import dataclass
from typing import Literal

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_VALUE = r"[!#-+\--:<-\[\]-~]*"
_PATH = r"/[!-:<-~]*"


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie to set: sent over TLS only and hidden from scripts, unless told otherwise.

    >>> str(Cookie("theme", "dark", max_age_seconds=60))
    'theme=dark; Max-Age=60; Path=/; Secure; HttpOnly; SameSite=Lax'
    """

    name: str
    value: str
    max_age_seconds: int | None = None
    path: str = "/"
    is_secure: bool = True
    is_http_only: bool = True
    same_site: Literal["Strict", "Lax", "None"] = "Lax"

    def __post_init__(self) -> None:
        if not re.fullmatch(_NAME, self.name):
            raise ValueError("a cookie's name has letters, digits and !#$%&'*+-.^_`|~ only")
        if not re.fullmatch(_VALUE, self.value):
            raise ValueError(f"the value of cookie {self.name} has a character that must be encoded")
        if not re.fullmatch(_PATH, self.path):
            raise ValueError(f"the path of cookie {self.name} must start with / and have no ; or space")

    def __str__(self) -> str:
        attributes = [
            None if self.max_age_seconds is None else f"Max-Age={self.max_age_seconds}",
            f"Path={self.path}",
            "Secure" if self.is_secure else None,
            "HttpOnly" if self.is_http_only else None,
            f"SameSite={self.same_site}",
        ]
        return "; ".join([f"{self.name}={self.value}", *filter(None, attributes)])
