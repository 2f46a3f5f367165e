"""The regions of AWS's services, which moto asks botocore for when a service is first used."""

import functools
import gzip
import re
from collections.abc import Mapping
from pathlib import Path

import botocore
from botocore.loaders import Loader
from moto.core.base_backend import AccountSpecificBackend

_MODELS = Path(botocore.__file__).parent / "data"
_PREFIX = re.compile(rb'"endpointPrefix"\s*:\s*"([^"]+)"')
# Where it stands in the model: among the metadata, which come first.
_START_BYTES = 4096


def correct() -> None:
    """botocore reads a service's whole model, megabytes for EC2, for one word of it: at each start, and for
    every service in use. And a session keeps the endpoints of all services, 7 MB, for these lists alone.
    """
    original = AccountSpecificBackend._generate_regions  # noqa: SLF001 - the only place

    def generate_regions(self: AccountSpecificBackend, service_name: str) -> list[str]:  # type: ignore[type-arg]
        prefix = endpoint_prefix(service_name)
        return list(original(self, service_name)) if prefix is None else regions_of(prefix)

    AccountSpecificBackend._generate_regions = generate_regions  # type: ignore[method-assign,assignment]  # noqa: SLF001


@functools.cache
def endpoint_prefix(service: str) -> str | None:
    """`monitoring` of cloudwatch; None where it is not found at once."""
    models = sorted(_MODELS.glob(f"{service}/*/service-2.json.gz"))
    if not models:
        return None
    with gzip.open(models[-1]) as model:
        found = _PREFIX.search(model.read(_START_BYTES))
    return found[1].decode() if found else None


def regions_of(prefix: str) -> list[str]:
    """The regions that have an endpoint of this prefix, of all partitions."""
    return list(_regions().get(prefix, ()))


@functools.cache
def _regions() -> Mapping[str, list[str]]:
    """By prefix, as botocore.regions.EndpointResolver.get_available_endpoints finds them."""
    found: dict[str, list[str]] = {}
    for partition in Loader().load_data("endpoints")["partitions"]:
        for prefix, service in partition["services"].items():
            regional = (name for name in service["endpoints"] if name in partition["regions"])
            found.setdefault(prefix, []).extend(regional)
    return found
