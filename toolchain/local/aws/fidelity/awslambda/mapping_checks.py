"""What CreateEventSourceMapping refuses, and UpdateEventSourceMapping, before anything has changed.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
"""

from collections.abc import Mapping
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import EventSourceMapping, LambdaBackend
from moto.sqs.models import sqs_backends

from toolchain.local.aws.fidelity.awslambda.constraints import between, check
from toolchain.local.aws.fidelity.awslambda.duplicates import ResourceConflictError
from toolchain.local.aws.fidelity.awslambda.mappings import told_arn

_STREAMS = ("dynamodb", "kinesis")
# Beyond, records are gathered for a while, which FIFO queues don't do.
_AT_ONCE = 10
# As botocore's model of the service has them.
_RANGES = {
    "BatchSize": (1, 10_000),
    "MaximumBatchingWindowInSeconds": (0, 300),
    "MaximumRecordAgeInSeconds": (-1, 604_800),
    "MaximumRetryAttempts": (-1, 10_000),
    "ParallelizationFactor": (1, 10),
}


def correct() -> None:
    """moto takes nearly everything, fails at the rest with an error of its own, and makes a mapping twice."""
    create, update = LambdaBackend.create_event_source_mapping, LambdaBackend.update_event_source_mapping

    def create_event_source_mapping(self: LambdaBackend, spec: dict[str, Any]) -> EventSourceMapping:
        if spec.get("EventSourceArn") and spec.get("FunctionName"):
            _check_batches(spec["EventSourceArn"], spec)
            _check_position(spec["EventSourceArn"], spec)
            _check_visibility(self, spec)
            _check_others(self, spec)
        return create(self, spec)

    def update_event_source_mapping(
        self: LambdaBackend, uuid: str, spec: dict[str, Any]
    ) -> EventSourceMapping | None:
        if mapping := self.get_event_source_mapping(uuid):
            before = {
                "BatchSize": mapping.batch_size,
                "MaximumBatchingWindowInSeconds": mapping.max_batch_window,
            }
            _check_batches(mapping.event_source_arn, {**before, **spec})
        return update(self, uuid, spec)

    LambdaBackend.create_event_source_mapping = create_event_source_mapping  # type: ignore[method-assign]
    LambdaBackend.update_event_source_mapping = update_event_source_mapping  # type: ignore[method-assign]


def _check_batches(source: str, spec: Mapping[str, Any]) -> None:
    """AWS's words about standard queues are those of https://github.com/localstack/localstack , about FIFO
    queues of the page; which of both comes first is a guess [U].
    """
    size, window = spec.get("BatchSize"), spec.get("MaximumBatchingWindowInSeconds")
    check(
        *(
            between(f"{name[0].lower()}{name[1:]}", spec.get(name), least, most)
            for name, (least, most) in _RANGES.items()
        )
    )
    if _service(source) != "sqs":
        return
    if (size or 0) > _AT_ONCE and source.endswith(".fifo"):
        raise InvalidParameterValueException(f"BatchSize must not exceed {_AT_ONCE} for FIFO queues")
    if (size or 0) > _AT_ONCE and not window:
        raise InvalidParameterValueException(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
        )
    if window and source.endswith(".fifo"):
        raise InvalidParameterValueException("Batching window is not supported for FIFO queues")


def _check_position(source: str, spec: Mapping[str, Any]) -> None:
    """AWS's words are those of https://github.com/winglang/wing/issues/7178 ; about queues, a guess [U]."""
    position = spec.get("StartingPosition")
    if _service(source) == "dynamodb" and position == "AT_TIMESTAMP":
        raise InvalidParameterValueException("StartingPosition must be one of [TRIM_HORIZON, LATEST].")
    if _service(source) in _STREAMS and not position:
        raise InvalidParameterValueException(
            "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: "
            "Member must not be null."
        )
    if _service(source) == "sqs" and position:
        raise InvalidParameterValueException("StartingPosition is not valid for SQS event sources.")


def _check_visibility(backend: LambdaBackend, spec: Mapping[str, Any]) -> None:
    """A message would be seen again while the function works on it.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    """
    queues: list[Any] = list(sqs_backends[backend.account_id][backend.region_name].queues.values())
    for queue in queues:
        if queue.queue_arn != spec["EventSourceArn"]:
            continue
        visible_after, timeout = int(queue.visibility_timeout or 0), int(_function(backend, spec).timeout)
        if visible_after < timeout:
            raise InvalidParameterValueException(
                f"Queue visibility timeout: {visible_after} seconds is less than "
                f"Function timeout: {timeout} seconds"
            )


def _check_others(backend: LambdaBackend, spec: Mapping[str, Any]) -> None:
    """AWS's words are those that users report of queues; of streams, a guess [U]."""
    source, function = spec["EventSourceArn"], _function(backend, spec)
    arn = told_arn(spec["FunctionName"], function.function_arn)
    for mapping in backend.list_event_source_mappings(source, ""):
        if mapping.function_arn == arn:
            kind = "SQS" if _service(source) == "sqs" else "event source"
            pair = f'{kind} arn (" {source} ") and function (" {function.function_name} ")'
            raise ResourceConflictError(
                f"An event source mapping with {pair} already exists. Please update or delete the existing "
                f"mapping with UUID {mapping.uuid}"
            )


def _function(backend: LambdaBackend, spec: Mapping[str, Any]) -> Any:  # noqa: ANN401  moto's class has no types
    return backend.get_function(spec["FunctionName"])


def _service(source: str) -> str:
    return (source.split(":") + [""] * 3)[2]
