"""What calls functions besides HTTP and Cognito: schedules, queues, topics, buckets, event buses, streams.

running ── pollers ── sqs/, streams/      ask moto for what there is, and wait for the function's answer
   ├────── services/                      are told by moto, and wait for nothing
   └────── schedules/                     a clock
provision/                                makes what functions declare, through the AWS endpoint

Whatever exists in moto calls functions, whoever made it: `up`, for what functions declare, or Terraform.
"""

from toolchain.local.triggers.provision import event_settings, provision
from toolchain.local.triggers.running import Triggers, start

__all__ = ["Triggers", "event_settings", "provision", "start"]
