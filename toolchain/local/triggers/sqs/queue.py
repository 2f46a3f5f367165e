"""moto's queues as Lambda's poller uses them: take, delete, and know when there is more.

moto's own receive looks at every message of a queue each time, and neither it nor its delete can run beside
a sender without losing a message; these do, under the queue's lock.
"""

from collections.abc import Callable, Collection, Iterator
from itertools import count

from moto.core.utils import unix_time_millis
from moto.sqs.models import Message as MotoMessage
from moto.sqs.models import Queue, sqs_backends

from toolchain.local.triggers.mappings import Source
from toolchain.local.triggers.replacements import Replacement, no_mappings_of_its_own
from toolchain.local.triggers.sqs import counts
from toolchain.local.triggers.sqs.counts import hidden_until
from toolchain.local.triggers.sqs.deduplication import Repetitions
from toolchain.local.triggers.sqs.messages import Message


def find_queue(source: Source) -> Queue | None:
    """The queue of an ARN, if there is one now."""
    return sqs_backends[source.account_id][source.region].queues.get(source.name)


def take(queue: Queue, limit: int) -> list[Message]:
    """Receive up to a number of messages that are visible, without waiting.

    They are hidden for the queue's visibility timeout. Of a FIFO queue's groups, none that has a message in
    flight. What was received as often as the redrive policy allows goes to the dead-letter queue instead.
    """
    with queue._messages_lock:  # noqa: SLF001 - moto has no other way in, here and below
        taken: list[MotoMessage] = []
        dead: list[MotoMessage] = []
        for message in _visible(queue):
            if len(taken) == limit:
                break
            (dead if _is_dead(queue, message) else taken).append(message)
        for message in dead:
            _bury(queue, message, queue.dead_letter_queue)  # type: ignore[arg-type]  # only then can it be dead
        return [_receive(queue, message) for message in taken]


def delete(queue: Queue, ids: Collection[str]) -> None:
    """Remove messages that were processed."""
    gone = frozenset(ids)
    with queue._messages_lock:  # noqa: SLF001
        for message in [pending for pending in queue.pending_messages if pending.id in gone]:
            queue.pending_messages.discard(message)
        queue._messages = [message for message in queue._messages if message.id not in gone]  # noqa: SLF001


def seconds_until_visible(queue: Queue) -> float | None:
    """When the next message will be, that is hidden or delayed now; None if there is none."""
    now = unix_time_millis()
    with queue._messages_lock:  # noqa: SLF001
        times = [hidden_until(message) for message in queue._messages]  # noqa: SLF001
    return min(((time - now) / 1000 for time in times if time > now), default=None)


def replacements(ring: Callable[[str], None]) -> list[Replacement]:
    """Ring, with the queue's ARN, when a message arrives; and keep moto from calling functions itself."""
    add, remove = Queue.add_message, Queue.delete_message
    numbers = count(18849496460467696128)  # any: they only have to rise
    repetitions = Repetitions()

    def add_message(queue: Queue, message: MotoMessage) -> None:
        if queue.fifo_queue:
            if repetitions.has(queue, message):
                return
            message.sequence_number = str(next(numbers))  # moto's are random, or missing
        add(queue, message)
        ring(queue.queue_arn)

    def delete_message(queue: Queue, receipt_handle: str) -> None:
        with queue._messages_lock:  # noqa: SLF001 - moto forgets it, and then a message that arrives meanwhile
            remove(queue, receipt_handle)
        ring(queue.queue_arn)  # the next message of a FIFO queue's group may go

    return [
        Replacement(Queue, "add_message", add_message),
        Replacement(Queue, "delete_message", delete_message),
        no_mappings_of_its_own(Queue),
        *counts.replacements(),
    ]


def _visible(queue: Queue) -> Iterator[MotoMessage]:
    now = unix_time_millis()
    blocked: set[str | None] = set()
    for message in queue._messages:  # noqa: SLF001
        if hidden_until(message) > now:
            blocked.add(message.group_id)
        elif not (queue.fifo_queue and message.group_id in blocked):
            yield message


def _is_dead(queue: Queue, message: MotoMessage) -> bool:
    if queue.dead_letter_queue is None or not queue.redrive_policy:
        return False
    return bool(message.approximate_receive_count >= queue.redrive_policy["maxReceiveCount"])


def _bury(queue: Queue, message: MotoMessage, dead_letter_queue: Queue) -> None:
    queue._messages.remove(message)  # noqa: SLF001
    queue.pending_messages.discard(message)
    message.system_attributes["DeadLetterQueueSourceArn"] = {"StringValue": queue.queue_arn}
    dead_letter_queue.add_message(message)


def _receive(queue: Queue, moto: MotoMessage) -> Message:
    queue.pending_messages.add(moto)
    moto.mark_received(visibility_timeout=queue.visibility_timeout)  # type: ignore[attr-defined]
    attributes = {
        "ApproximateReceiveCount": moto.approximate_receive_count,
        "SentTimestamp": moto.sent_timestamp,
        "SenderId": moto.sender_id,
        "ApproximateFirstReceiveTimestamp": moto.approximate_first_receive_timestamp,
        "SequenceNumber": moto.sequence_number if queue.fifo_queue else None,
        "MessageGroupId": moto.group_id,
        "MessageDeduplicationId": moto.deduplication_id,
        **{name: value["StringValue"] for name, value in moto.system_attributes.items()},
    }
    return Message(
        id=moto.id,
        receipt_handle=str(moto.receipt_handle),
        body=moto.body,
        attributes={name: str(value) for name, value in attributes.items() if value is not None},
        message_attributes=moto.message_attributes,
        message_attributes_md5=moto.attribute_md5 if moto.message_attributes else None,
    )
