"""What Lambda refuses of event source mappings, and moto takes or fails at.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException, LambdaClientError

from toolchain.local.triggers.filters import check_filter

# The largest values in botocore's model, which boto3 itself does not look at.
_LARGEST = {
    "BatchSize": 10_000,
    "MaximumBatchingWindowInSeconds": 300,
    "MaximumRecordAgeInSeconds": 604_800,
    "MaximumRetryAttempts": 10_000,
    "ParallelizationFactor": 10,
}
_LARGEST_FIFO_BATCH = 10
_LARGEST_BATCH_AT_ONCE = 10


class MappingExistsError(LambdaClientError):
    """The function has a mapping of the source already."""

    code = 409

    def __init__(self, source_arn: str, function: str, uuid: str) -> None:
        super().__init__(
            "ResourceConflictException",
            f'The event source arn (" {source_arn} ") and function (" {function} ") provided mapping already'
            f" exists. Please update or delete the existing mapping with UUID {uuid}",
        )


def check_settings(spec: Mapping[str, Any], source_arn: str) -> None:
    """Raise moto's error for settings that none of Lambda's mappings has, or none of this source."""
    for name, largest in _LARGEST.items():
        if (value := spec.get(name)) is not None and value > largest:
            raise LambdaClientError(
                "ValidationException",
                f"1 validation error detected: Value '{value}' at '{name[0].lower()}{name[1:]}' failed to"
                f" satisfy constraint: Member must have value less than or equal to {largest}",
            )
    _check_filters((spec.get("FilterCriteria") or {}).get("Filters") or ())
    if ":sqs:" in source_arn:
        _check_batches(spec, is_fifo=source_arn.endswith(".fifo"))


def check_start(spec: Mapping[str, Any], source_arn: str) -> None:
    """Of new mappings; streams of DynamoDB begin at one of their ends. The words are [U]."""
    if ":dynamodb:" in source_arn and spec.get("StartingPosition") not in ("LATEST", "TRIM_HORIZON"):
        raise InvalidParameterValueException("StartingPosition must be one of [TRIM_HORIZON, LATEST].")


def _check_batches(spec: Mapping[str, Any], *, is_fifo: bool) -> None:
    """Of queues; the words about FIFO queues are [U]."""
    size, window = spec.get("BatchSize") or 0, spec.get("MaximumBatchingWindowInSeconds") or 0
    if is_fifo and size > _LARGEST_FIFO_BATCH:
        raise InvalidParameterValueException(
            f"BatchSize must not exceed {_LARGEST_FIFO_BATCH} for FIFO queues."
        )
    if is_fifo and window:
        raise InvalidParameterValueException("Batching window is not supported for FIFO queues.")
    if size > _LARGEST_BATCH_AT_ONCE and not window:
        raise InvalidParameterValueException(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
        )


def _check_filters(filters: Iterable[Mapping[str, Any]]) -> None:
    for each in filters:
        try:
            check_filter(each.get("Pattern", "{}"))
        except ValueError as error:
            raise InvalidParameterValueException(f"Invalid filter pattern definition. {error}") from error
