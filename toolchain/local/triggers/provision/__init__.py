"""Makes what functions declare as triggers: queues, topics, buckets, buses, tables and schedules.

Through the AWS endpoint, as Terraform does it when functions are deployed.
"""

from toolchain.local.triggers.provision.everything import provision
from toolchain.local.triggers.provision.failures import event_settings

__all__ = ["event_settings", "provision"]
