"""Makes what functions declare as triggers: queues, topics, buckets, buses, tables and schedules.

Through the AWS endpoint, as Terraform does it when functions are deployed.
"""

from toolchain.local.triggers.provision.everything import provision

__all__ = ["provision"]
