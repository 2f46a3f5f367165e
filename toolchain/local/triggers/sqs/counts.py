"""How many messages a queue has, and which are visible: counted with one look at the clock.

moto counts each time that anything is sent, and looks at the clock twice for each message: with a backlog of
10,000 messages, one more takes it half a second.
"""

from collections.abc import Callable

from moto.core.utils import unix_time_millis
from moto.sqs.models import Message, Queue

from toolchain.local.triggers.replacements import Replacement


def hidden_until(message: Message) -> float:
    """When it becomes visible, in milliseconds: after its delay, or after the visibility timeout."""
    return max(message.visible_at, message.delayed_until)


def replacements() -> list[Replacement]:
    """The properties of moto's queues that go through all messages."""

    def chosen(queue: Queue, is_chosen: Callable[[Message, float], bool]) -> list[Message]:
        now = unix_time_millis()
        return [message for message in queue._messages if is_chosen(message, now)]  # noqa: SLF001

    def visible(queue: Queue) -> list[Message]:
        return chosen(queue, lambda message, now: hidden_until(message) < now)

    def invisible_count(queue: Queue) -> int:
        return len(chosen(queue, lambda message, now: message.visible_at >= now))

    def delayed_count(queue: Queue) -> int:
        return len(chosen(queue, lambda message, now: message.delayed_until > now))

    return [
        Replacement(Queue, "messages", property(visible)),
        Replacement(Queue, "approximate_number_of_messages_not_visible", property(invisible_count)),
        Replacement(Queue, "approximate_number_of_messages_delayed", property(delayed_count)),
    ]
