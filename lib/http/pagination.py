"""Lists in pages: `?limit=50&cursor=...` in, `{"items": [...], "next": "..."}` out.

A cursor is made, and checked, by whoever knows the order of the list (lib.users); to the client and to
this module it is a text without meaning.
"""

from collections.abc import Iterable
from typing import Any

from lib.http.models import Field, Query


class PageQuery(Query):
    """The query of a list; subclass it to add filters."""

    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, min_length=1, max_length=512)


def page(items: Iterable[object], *, next_cursor: str | None) -> dict[str, Any]:
    """The body of a page. `next` is the cursor to ask for more with, and null at the end."""
    return {"items": list(items), "next": next_cursor}
