"""The local cloud's control planes, in this process, and a stage in them."""

from tests.integration.aws.conftest import aws, moto_app

__all__ = ["aws", "moto_app"]
