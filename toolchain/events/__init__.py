"""Sample events: exactly what AWS sends for each kind of trigger, all about one user at one moment."""

from toolchain.events.catalog import event_names, function_event, named_event
from toolchain.events.triggers import trigger_event

__all__ = ["event_names", "function_event", "named_event", "trigger_event"]
