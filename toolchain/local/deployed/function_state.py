"""Functions as moto's control plane has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.awslambda.models import LambdaAlias
from moto.awslambda_simple.models import LambdaSimpleBackend, lambda_simple_backends

from toolchain.local.aws.fidelity.awslambda.asynchronous import event_invoke_configs
from toolchain.local.invocation import LATEST
from toolchain.local.place import Place
from toolchain.local.workers.event_settings import EventSettings
from toolchain.local.workers.package import Settings


@dataclass(frozen=True, slots=True)
class Version:
    """A version, and the zip it was published with; `digest` is the zip's SHA-256 in hex."""

    settings: Settings
    content: bytes
    digest: str
    runtime: str
    package_type: str
    layers: tuple[str, ...]
    subnets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeployedFunction:
    """A function with all that it has; `events` are by the qualifier that they were set for.

    `weighted` has the aliases that send a part of their calls to a second version.
    """

    place: Place
    name: str
    tags: Mapping[str, str]
    versions: tuple[Version, ...]
    aliases: Mapping[str, str]
    events: Mapping[str, EventSettings]
    weighted: tuple[str, ...] = ()


def read_function(place: Place, name: str) -> DeployedFunction | None:
    """The function, if there is one now."""
    storage = _backend(place)._lambdas  # noqa: SLF001 - moto has no other way to all of a function, here and below
    entry = storage._functions.get(name)  # noqa: SLF001
    if not entry or not entry["latest"]:
        return None
    latest = entry["latest"]
    aliases = list(storage._aliases.get(place.function_arn(name), {}).values())  # noqa: SLF001
    return DeployedFunction(
        place=place,
        name=name,
        tags=dict(latest.tags),
        versions=tuple(_version(each, latest.reserved_concurrency) for each in (latest, *entry["versions"])),
        aliases={alias.name: alias.function_version for alias in aliases},
        events=_event_settings(latest),
        weighted=tuple(sorted(alias.name for alias in aliases if _has_weights(alias))),
    )


def digests() -> set[str]:
    """Those of all zips that there are."""
    return {
        version.code_digest
        for regions in list(lambda_simple_backends.values())
        for backend in list(regions.values())
        for entry in list(backend._lambdas._functions.values())  # noqa: SLF001
        for version in (entry["latest"], *entry["versions"])
        if version and version.package_type == "Zip"  # a state may be saved that has lost its $LATEST
    }


def all_functions() -> list[tuple[Place, str]]:
    """The functions of all accounts and regions, by name."""
    return [
        (Place(backend.account_id, backend.region_name), each.function_name)
        for regions in list(lambda_simple_backends.values())
        for backend in list(regions.values())
        for each in backend.list_functions()
    ]


def _backend(place: Place) -> LambdaSimpleBackend:
    backend: LambdaSimpleBackend = lambda_simple_backends[place.account_id][place.region]
    return backend


def _version(moto: Any, reserved_concurrency: int | None) -> Version:  # noqa: ANN401 - moto's class has no types
    settings = Settings(
        name=moto.function_name,
        arn=Place(moto.account_id, moto.region).function_arn(moto.function_name),
        handler=moto.handler or "",
        memory_mb=int(moto.memory_size),
        timeout_seconds=int(moto.timeout),
        variables=dict(moto.environment_vars),
        version=str(moto.version) if moto.version else LATEST,
        reserved_concurrency=reserved_concurrency,
        dead_letter_arn=moto.get_configuration().get("DeadLetterConfig", {}).get("TargetArn"),
    )
    is_zip = moto.package_type == "Zip"
    return Version(
        settings=settings,
        content=moto.code_bytes if is_zip else b"",
        digest=moto.code_digest if is_zip else "",
        runtime=moto.run_time or "",
        package_type=moto.package_type,
        layers=tuple(layer["Arn"] for layer in moto.layers),
        subnets=tuple((moto.vpc_config or {}).get("SubnetIds") or ()),
    )


def _has_weights(alias: LambdaAlias) -> bool:
    routing: Any = alias.routing_config or {}
    return bool(routing.get("AdditionalVersionWeights"))


def _event_settings(moto: Any) -> dict[str, EventSettings]:  # noqa: ANN401 - as above
    settings = {}
    for qualifier, each in event_invoke_configs(moto).items():
        destinations = each.config.get("DestinationConfig") or {}
        settings[qualifier] = EventSettings(
            retries=each.config.get("MaximumRetryAttempts", 2),
            maximum_age_seconds=each.config.get("MaximumEventAgeInSeconds"),
            on_success=(destinations.get("OnSuccess") or {}).get("Destination"),
            on_failure=(destinations.get("OnFailure") or {}).get("Destination"),
        )
    return settings
