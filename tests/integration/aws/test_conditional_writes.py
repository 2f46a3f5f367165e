"""Writes to S3 that must not replace what somebody else has written: locks are made of them."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from tests.integration.aws.in_process import PLACE, Aws


@pytest.fixture
def _eager_threads() -> Iterator[None]:
    """Threads take turns so often that what is not one step is taken apart."""
    seconds = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(seconds)


@pytest.mark.usefixtures("_eager_threads")
def test_of_many_writers_at_once_one_wins(aws: Aws) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="locks", CreateBucketConfiguration={"LocationConstraint": PLACE.region})

    def is_first(key: str, writer: int) -> bool:
        try:
            s3.put_object(Bucket="locks", Key=key, Body=str(writer).encode(), IfNoneMatch="*")
        except ClientError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        for key in map(str, range(20)):
            assert sum(threads.map(is_first, [key] * 8, range(8))) == 1


def test_only_what_was_read_is_replaced(aws: Aws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="locks", CreateBucketConfiguration={"LocationConstraint": PLACE.region})
    first = s3.put_object(Bucket="locks", Key="lock", Body=b"1")["ETag"]
    s3.put_object(Bucket="locks", Key="lock", Body=b"2", IfMatch=first)
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket="locks", Key="lock", Body=b"3", IfMatch=first)
    assert error.value.response["Error"]["Code"] == "PreconditionFailed"
    assert s3.get_object(Bucket="locks", Key="lock")["Body"].read() == b"2"
