"""A fixture: only its manifest is read."""


def handler(event: dict[str, str], _context: object, /) -> dict[str, str]:
    """Answer the event."""
    return event
