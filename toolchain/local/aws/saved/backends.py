"""moto's backends: one for each service, account and region; together they are the state."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from moto.core.base_backend import AccountSpecificBackend, BackendDict, BaseBackend

from toolchain.local.aws.saved.moto_classes import is_untouched
from toolchain.local.aws.saved.pickling import Blobs, UnknownTypeError, dump, load

_logger = logging.getLogger(__name__)

# moto's own, which stand for nothing of AWS.
_INTERNAL = frozenset({"moto_api", "instance_metadata"})

type _Name = tuple[str, str]
"""Module and class of a service's backends."""


@dataclass(frozen=True, slots=True)
class _Account:
    """What a service has in an account, by region; and the names of all its regions."""

    backends: dict[str, BaseBackend]
    regions: list[str]


type _Backends = dict[_Name, dict[str, _Account]]


def dump_backends(blobs: Blobs) -> bytes:
    """All that clients have made. What is used by several services stays one thing.

    A service that can't be saved is left out, and said so in the log.
    """
    backends = _backends()
    try:
        return dump(backends, blobs)
    except UnknownTypeError:
        return dump(_without_unknown(backends, blobs), blobs)


def load_backends(content: bytes, blobs: Blobs) -> None:
    """Put into moto what was dumped, in the place of what is there of those services and regions."""
    backends: _Backends = load(content, blobs)
    for name, accounts in backends.items():
        service = _service(name)
        for account_id, account in accounts.items():
            # It would look for its regions in botocore's description of the service, of megabytes for some.
            made: AccountSpecificBackend[Any] = AccountSpecificBackend(
                service.service_name,
                account_id,
                service.backend,
                use_boto3_regions=False,
                additional_regions=account.regions,
            )
            dict.update(made, account.backends)
            service[account_id] = made
        if service not in vars(BackendDict)["_instances"]:
            vars(BackendDict)["_instances"].append(service)


def _backends() -> _Backends:
    instances: list[BackendDict[Any]] = list(vars(BackendDict)["_instances"])
    found = {
        (service.backend.__module__, service.backend.__qualname__): {
            account_id: _Account(_touched(regions), list(regions.regions))
            for account_id, regions in list(service.items())
        }
        for service in instances
        if service.service_name not in _INTERNAL
    }
    return {
        name: accounts for name, accounts in found.items() if any(one.backends for one in accounts.values())
    }


def _touched(regions: Mapping[str, BaseBackend]) -> dict[str, BaseBackend]:
    return {name: backend for name, backend in list(regions.items()) if not is_untouched(backend)}


def _without_unknown(backends: Mapping[_Name, Any], blobs: Blobs) -> Mapping[_Name, Any]:
    kept = {}
    for name, accounts in backends.items():
        try:
            dump(accounts, blobs)
            kept[name] = accounts
        except UnknownTypeError as error:
            _logger.warning("what is in %s is not kept across restarts: %s", name[0], error)
    return kept


def _service(name: _Name) -> BackendDict[Any]:
    """The backends of a class, in its module."""
    module, backend = import_module(name[0]), name[1]
    for value in vars(module).values():
        if isinstance(value, BackendDict) and value.backend.__qualname__ == backend:
            return value
    raise LookupError(f"{name[0]} has no backends of {backend}")
