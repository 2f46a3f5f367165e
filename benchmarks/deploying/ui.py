"""What Terraform says while it applies.

https://developer.hashicorp.com/terraform/internals/machine-readable-ui
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Applied:
    """An apply, from its first to its last word (seconds since 1970), and how long each resource took."""

    start: float
    end: float
    seconds: dict[str, float]


def parse_log(lines: Iterable[bytes]) -> Applied:
    """What `terraform apply -json` printed. Raises ValueError when a resource failed."""
    times: list[float] = []
    starts: dict[str, float] = {}
    seconds: dict[str, float] = {}
    for line in lines:
        event = json.loads(line)
        now = datetime.fromisoformat(event["@timestamp"]).timestamp()
        times.append(now)
        address = event.get("hook", {}).get("resource", {}).get("addr", "")
        match event["type"]:
            case "apply_start":
                starts[address] = now
            case "apply_complete":
                seconds[address] = now - starts[address]
            case "apply_errored":
                raise ValueError(f"{address} failed")
    return Applied(times[0], times[-1], seconds)
