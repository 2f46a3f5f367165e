"""Event source mappings: which queue or stream calls which function, and how.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import EventSourceMapping as MotoMapping
from moto.awslambda.models import LambdaBackend, lambda_backends
from moto.awslambda_simple.models import lambda_simple_backends

from toolchain.local.place import Place
from toolchain.local.triggers.calls import unless_bad
from toolchain.local.triggers.filters import check_filter
from toolchain.local.triggers.replacements import Replacement, followed


@dataclass(frozen=True, slots=True)
class Source:
    """The queue or stream of an ARN."""

    arn: str

    @property
    def service(self) -> str:
        return self.arn.split(":")[2]

    @property
    def region(self) -> str:
        return self.arn.split(":")[3]

    @property
    def account_id(self) -> str:
        return self.arn.split(":")[4]

    @property
    def name(self) -> str:
        """The name of the queue or of the stream's table."""
        resource = self.arn.split(":", 5)[5]
        return resource.split("/")[1] if self.service == "dynamodb" else resource


@dataclass(frozen=True, slots=True)
class EventSourceMapping:
    """A mapping; its defaults are AWS's. `filters` are event patterns as JSON text; none: everything passes.

    None is "for as long as the stream keeps its records" for the two limits of retries.
    """

    uuid: str
    source: Source
    function: str
    batch_size: int
    window_seconds: int = 0
    reports_item_failures: bool = False
    filters: tuple[str, ...] = ()
    maximum_concurrency: int | None = None
    starting_position: str = "TRIM_HORIZON"
    maximum_retries: int | None = None
    maximum_age_seconds: int | None = None
    bisects: bool = False
    on_failure: str | None = None


def enabled_mappings() -> Iterator[EventSourceMapping]:
    """Those that exist in moto now, in every account and region."""
    for backend in _lambda_backends():
        for moto in backend.list_event_source_mappings("", ""):
            if moto.enabled:
                yield from unless_bad(partial(_mapping, moto), f"the mapping of {moto.event_source_arn}")


def find_mapping(uuid: str) -> MotoMapping | None:
    """moto's own mapping, wherever it is."""
    found = (backend.get_event_source_mapping(uuid) for backend in _lambda_backends())
    return next((mapping for mapping in found if mapping), None)


def replacements(created: Callable[[MotoMapping], None], changed: Callable[[], None]) -> list[Replacement]:
    """Tell when there is a new mapping, and when mappings change."""
    create, update = LambdaBackend.create_event_source_mapping, LambdaBackend.update_event_source_mapping

    def create_event_source_mapping(backend: LambdaBackend, spec: dict[str, Any]) -> MotoMapping:
        _check_filters(spec.get("FilterCriteria"))
        mapping = create(backend, spec)
        created(mapping)
        changed()
        return mapping

    def update_event_source_mapping(
        backend: LambdaBackend, uuid: str, spec: dict[str, Any]
    ) -> MotoMapping | None:
        _check_filters(spec.get("FilterCriteria"))
        mapping = update(backend, uuid, spec)
        if mapping and "FunctionName" in spec:
            mapping.function_name = spec["FunctionName"]  # moto changes the function's ARN only
        changed()
        return mapping

    return [
        *followed(LambdaBackend, ["delete_event_source_mapping"], changed),
        Replacement(LambdaBackend, "create_event_source_mapping", create_event_source_mapping),
        Replacement(LambdaBackend, "update_event_source_mapping", update_event_source_mapping),
    ]


def _lambda_backends() -> Iterator[LambdaBackend]:
    """One for each account and region that was used; which of moto's two kinds, its settings say."""
    for regions in list(lambda_backends.values()):
        yield from list(regions.values())
    for simple_regions in list(lambda_simple_backends.values()):
        yield from list(simple_regions.values())


def _mapping(moto: MotoMapping) -> EventSourceMapping:
    return EventSourceMapping(
        uuid=moto.uuid,
        source=Source(moto.event_source_arn),
        function=_function(moto),
        batch_size=moto.batch_size,
        window_seconds=moto.max_batch_window or 0,
        reports_item_failures="ReportBatchItemFailures" in (moto.function_response_types or ()),
        filters=_filters(moto.filter_criteria),
        maximum_concurrency=(moto.scaling_config or {}).get("MaximumConcurrency"),
        starting_position=moto.starting_position or "TRIM_HORIZON",
        maximum_retries=_limit(moto.max_retry_attempts),
        maximum_age_seconds=_limit(moto.max_record_age),
        bisects=bool(moto.bisect_on_error),
        on_failure=((moto.destination_config or {}).get("OnFailure") or {}).get("Destination"),
    )


def _function(moto: MotoMapping) -> str:
    """An ARN: a name alone is of the mapping's own place."""
    name: str = moto.function_name
    return name if name.startswith("arn:") else Place(moto.account_id, moto.region).function_arn(name)


def _check_filters(criteria: Mapping[str, Any] | None) -> None:
    """moto takes any text for a pattern."""
    for text in _patterns(criteria):
        try:
            check_filter(text)
        except ValueError as error:
            raise InvalidParameterValueException(f"Invalid filter pattern definition. {error}") from error


def _filters(criteria: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Each pattern as JSON text, so that mappings can be compared."""
    texts = _patterns(criteria)
    for text in texts:
        check_filter(text)
    return tuple(json.dumps(json.loads(text)) for text in texts)


def _patterns(criteria: Mapping[str, Any] | None) -> list[str]:
    return [item.get("Pattern", "{}") for item in (criteria or {}).get("Filters", ())]


def _limit(value: int | None) -> int | None:
    """-1 is AWS's word for no limit."""
    return None if value == -1 else value
