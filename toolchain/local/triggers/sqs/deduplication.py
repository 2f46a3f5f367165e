"""Messages of FIFO queues that were sent before: SQS accepts them and delivers them once.

moto looks for the earlier message in the queue, and finds none when it was processed already.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
"""

import threading
from weakref import WeakKeyDictionary

from moto.sqs.models import DEDUPLICATION_TIME_IN_SECONDS, Message, Queue


class Repetitions:
    """The deduplication ids of the last five minutes, of every queue."""

    def __init__(self) -> None:
        self._sent: WeakKeyDictionary[Queue, dict[tuple[str, str], int]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def has(self, queue: Queue, message: Message) -> bool:
        """Whether another message with the id was sent within the time; if not, this one is remembered."""
        if message.deduplication_id is None or message.sent_timestamp is None:
            return False
        by_group = queue.deduplication_scope == "messageGroup"
        identity = (message.group_id or "" if by_group else "", message.deduplication_id)
        now: int = message.sent_timestamp
        with self._lock:
            sent = self._sent.setdefault(queue, {})
            _forget(sent, before=now - DEDUPLICATION_TIME_IN_SECONDS * 1000)
            if identity in sent:
                return True
            sent[identity] = now
            return False


def _forget(sent: dict[tuple[str, str], int], *, before: int) -> None:
    """The oldest are the first, for ids are added in the order of time."""
    while sent and next(iter(sent.values())) <= before:
        del sent[next(iter(sent))]
