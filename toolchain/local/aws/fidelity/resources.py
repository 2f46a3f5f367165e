"""moto's lists of what AWS has (instance types, images, zones), which its EC2 reads when it is loaded."""

import gzip
from typing import Any

import orjson
from moto.utilities import utils


def correct() -> None:
    """They are megabytes of JSON: half of a start where there is a VPC. orjson reads them faster."""

    def load_resource(resource: str) -> Any:  # noqa: ANN401  any JSON
        try:
            packed = resource if resource.endswith(".gz") else f"{resource}.gz"
            return orjson.loads(gzip.decompress(utils.load_resource_as_bytes(packed)))
        except FileNotFoundError:
            return orjson.loads(utils.load_resource_as_bytes(resource))

    utils.load_resource = load_resource
