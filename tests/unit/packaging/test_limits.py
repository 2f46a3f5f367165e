"""Lambda's size limits, and who is to blame."""

import pytest

from toolchain.packaging.limits import (
    DIRECT_UPLOAD_BYTES,
    UNZIPPED_BYTES,
    megabytes,
    too_large,
    too_large_to_upload,
)

MB = 1024 * 1024


def test_the_limits_are_those_of_lambda() -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html."""
    assert (UNZIPPED_BYTES, DIRECT_UPLOAD_BYTES) == (262_144_000, 52_428_800)


@pytest.mark.parametrize("size", [0, UNZIPPED_BYTES - 1, UNZIPPED_BYTES])
def test_up_to_the_limit_a_package_is_fine(size: int) -> None:
    assert too_large("users", [("lib", size)]) is None


def test_over_the_limit_the_largest_parts_are_named() -> None:
    parts = [("a", MB), ("b", 2 * MB), ("c", 3 * MB), ("d", 4 * MB), ("e", 5 * MB), ("big", 240 * MB)]
    assert too_large("users", parts) == (
        "dist/users.zip would be 255.0 MB unzipped; Lambda takes 250.0 MB. "
        "Its largest parts: big 240.0 MB, e 5.0 MB, d 4.0 MB, c 3.0 MB, b 2.0 MB"
    )


def test_up_to_the_upload_limit_there_is_no_warning() -> None:
    assert too_large_to_upload("users", DIRECT_UPLOAD_BYTES, [("lib", DIRECT_UPLOAD_BYTES)]) is None


def test_over_the_upload_limit_the_largest_parts_are_named() -> None:
    assert too_large_to_upload("users", 51 * MB, [("lib", MB), ("big 1.0", 50 * MB)]) == (
        "dist/users.zip is 51.0 MB, over the 50.0 MB that can be uploaded directly: "
        "it can be deployed through S3 only. Its largest parts: big 1.0 50.0 MB, lib 1.0 MB"
    )


def test_megabytes_are_those_of_aws() -> None:
    assert megabytes(1_572_864) == "1.5 MB"
