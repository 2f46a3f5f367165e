"""The regions of AWS's services, which moto asks botocore for when a service is first used."""

import functools
import gzip
import re
from pathlib import Path
from typing import Any

import botocore  # type: ignore[import-untyped]
from botocore.session import Session  # type: ignore[import-untyped]

_MODELS = Path(botocore.__file__).parent / "data"
_PREFIX = re.compile(rb'"endpointPrefix"\s*:\s*"([^"]+)"')
# Where it stands in the model: among the metadata, which come first.
_START_BYTES = 4096


def correct() -> None:
    """botocore reads a service's whole model, megabytes for EC2, for one word of it: at each start, and for
    every service in use.
    """
    original = Session.get_available_regions

    def get_available_regions(
        self: Any,  # noqa: ANN401  botocore has no types
        service_name: str,
        partition_name: str = "aws",
        allow_non_regional: bool = False,  # noqa: FBT001, FBT002  botocore's signature
    ) -> list[str]:
        prefix = endpoint_prefix(service_name)
        if prefix is None:
            found: list[str] = original(self, service_name, partition_name, allow_non_regional)
            return found
        resolver = self._get_internal_component("endpoint_resolver")
        regions: list[str] = resolver.get_available_endpoints(prefix, partition_name, allow_non_regional)
        return regions

    Session.get_available_regions = get_available_regions


@functools.cache
def endpoint_prefix(service: str) -> str | None:
    """`monitoring` of cloudwatch; None where it is not found at once."""
    models = sorted(_MODELS.glob(f"{service}/*/service-2.json.gz"))
    if not models:
        return None
    with gzip.open(models[-1]) as model:
        found = _PREFIX.search(model.read(_START_BYTES))
    return found[1].decode() if found else None
