"""Rules about several functions together. Each problem cites both sides."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from toolchain.manifest.change_triggers import overlap
from toolchain.manifest.model import Function
from toolchain.manifest.routes import shape
from toolchain.manifest.stage_resources import resource_problems
from toolchain.manifest.triggers import DynamoDbStreamTrigger, S3Trigger, Trigger

# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
ROUTES_PER_API = 300


@dataclass(frozen=True, slots=True)
class _Claim:
    """A trigger, and the place that declares it."""

    function: str
    index: int
    trigger: Trigger

    @property
    def place(self) -> str:
        return f"functions/{self.function}/function.yaml: triggers[{self.index}]"


def cross_problems(functions: Iterable[Function]) -> Iterator[str]:
    """What two functions cannot both have, and what all of them have too many of."""
    known = tuple(functions)
    claims = [
        _Claim(function.name, index, trigger)
        for function in known
        for index, trigger in enumerate(function.triggers)
    ]
    yield from _same_route(claims)
    yield from _same_pool_trigger(claims)
    yield from _overlapping_notifications(claims)
    yield from _other_key(claims)
    yield from _too_many_routes(claims)
    yield from resource_problems(known)


def _same_route(claims: Sequence[_Claim]) -> Iterator[str]:
    """ANY beside a method is fine: API Gateway takes the method's route first."""
    routes = _grouped(
        claims, lambda trigger: (trigger.method, shape(trigger.path)) if trigger.kind == "http" else None
    )
    for first, *others in routes:
        for other in others:
            yield f"{other.place} is {_route(other)}, which {first.place} has as {_route(first)}; keep one"


def _route(claim: _Claim) -> str:
    return claim.trigger.route_key if claim.trigger.kind == "http" else ""


def _same_pool_trigger(claims: Sequence[_Claim]) -> Iterator[str]:
    """A user pool has one function for each trigger, whatever the event's version."""
    triggers = _grouped(claims, lambda trigger: trigger.trigger if trigger.kind == "cognito" else None)
    for first, *others in triggers:
        for other in others:
            yield f"{other.place} is {_pool_trigger(other)}, which {first.place} has already; keep one"


def _pool_trigger(claim: _Claim) -> str:
    return claim.trigger.trigger if claim.trigger.kind == "cognito" else ""


def _overlapping_notifications(claims: Sequence[_Claim]) -> Iterator[str]:
    """S3 refuses two notifications of one event for one key.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
    """
    notifications = [(claim, claim.trigger) for claim in claims if isinstance(claim.trigger, S3Trigger)]
    for index, (claim, trigger) in enumerate(notifications):
        for earlier_claim, earlier in notifications[:index]:
            if trigger.bucket == earlier.bucket and overlap(trigger, earlier):
                yield (
                    f"{claim.place} and {earlier_claim.place} announce the same changes in the bucket "
                    f"{trigger.bucket}; S3 allows one, tell them apart by events, prefix or suffix"
                )


def _other_key(claims: Sequence[_Claim]) -> Iterator[str]:
    """A table is made once, with one key."""
    streams = [(claim, claim.trigger) for claim in claims if isinstance(claim.trigger, DynamoDbStreamTrigger)]
    first: dict[str, tuple[_Claim, DynamoDbStreamTrigger]] = {}
    for claim, trigger in streams:
        earlier_claim, earlier = first.setdefault(trigger.table, (claim, trigger))
        if trigger.key != earlier.key:
            yield (
                f"{claim.place} has the key {trigger.key} for the table {trigger.table}, "
                f"{earlier_claim.place} has {earlier.key}; a table has one key"
            )


def _too_many_routes(claims: Sequence[_Claim]) -> Iterator[str]:
    count = sum(claim.trigger.kind == "http" for claim in claims)
    if count > ROUTES_PER_API:
        yield (
            f"functions: there are {count} routes; an HTTP API has {ROUTES_PER_API} at most, "
            "join some with ANY or {proxy+}"
        )


def _grouped(claims: Sequence[_Claim], key: Callable[[Trigger], object | None]) -> Iterable[list[_Claim]]:
    """Claims of equal keys together; those without a key left out."""
    groups: defaultdict[object, list[_Claim]] = defaultdict(list)
    for claim in claims:
        value = key(claim.trigger)
        if value is not None:
            groups[value].append(claim)
    return groups.values()
