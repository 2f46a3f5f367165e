"""Lambda's limits for packages (Lambda quotas: gettingstarted-limits)."""

from collections.abc import Sequence

UNZIPPED_BYTES = 250 * 1024 * 1024
"""Function and layers together, unzipped. The layers' share is not known here."""

DIRECT_UPLOAD_BYTES = 50 * 1024 * 1024
"""A zip that is sent with the request; from S3, where `invoke deploy` puts it, only the size above counts."""

_SHOWN = 5


def too_large(name: str, parts: Sequence[tuple[str, int]]) -> str | None:
    """Why Lambda would refuse the package; `parts` are what it is made of, with unzipped bytes."""
    total = sum(size for _, size in parts)
    if total <= UNZIPPED_BYTES:
        return None
    return (
        f"dist/{name}.zip would be {megabytes(total)} unzipped; Lambda takes {megabytes(UNZIPPED_BYTES)}. "
        f"Its largest parts: {_largest(parts)}"
    )


def too_large_to_upload(name: str, zip_bytes: int, parts: Sequence[tuple[str, int]]) -> str | None:
    """A warning for a zip that can be deployed through S3 only; `parts` with zipped bytes."""
    if zip_bytes <= DIRECT_UPLOAD_BYTES:
        return None
    return (
        f"dist/{name}.zip is {megabytes(zip_bytes)}, over the {megabytes(DIRECT_UPLOAD_BYTES)} that can be "
        f"uploaded directly: it can be deployed through S3 only. Its largest parts: {_largest(parts)}"
    )


def megabytes(size: int) -> str:
    """As AWS counts: 1 MB is 1,048,576 bytes."""
    return f"{size / 1024 / 1024:.1f} MB"


def _largest(parts: Sequence[tuple[str, int]]) -> str:
    ordered = sorted(parts, key=lambda part: (-part[1], part[0]))[:_SHOWN]
    return ", ".join(f"{label} {megabytes(size)}" for label, size in ordered)
