"""What manifests declare and what runs, as one kind of value, so that the two can be compared.

seen ──┬── settings    of functions           read from dist/functions.json's declarations, or with boto3:
       ├── triggers                           from `up`'s own endpoint, from a stage that was deployed to it,
       └── http_api.routes                    or from AWS
"""

from toolchain.local.comparison.reading import Stage, read
from toolchain.local.comparison.seen import Seen, declared

__all__ = ["Seen", "Stage", "declared", "read"]
