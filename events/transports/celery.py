"""Word of events as Celery messages, on whatever broker Celery uses: one message a queue."""

from collections import defaultdict
from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from events.sender import send_task
from events.transports.base import Told, Transport
from events.word import chunks, encode_ids

DELIVER_TASK = "events.tasks.deliver"


class CeleryTransport(Transport):
    """The task `events.tasks.deliver(queue, ids)` on each queue."""

    name: ClassVar[str] = "celery"

    def announce(self, told: Sequence[Told]) -> None:
        by_queue: defaultdict[str, list[UUID]] = defaultdict(list)
        for event_id, _, queues in told:
            for queue in queues:
                by_queue[queue].append(event_id)
        for queue in sorted(by_queue):
            self.remind(queue, by_queue[queue])

    def remind(self, queue: str, event_ids: Sequence[UUID]) -> None:
        for chunk in chunks(event_ids):
            send_task(DELIVER_TASK, queue=queue, args=(queue, encode_ids(chunk)))
