"""Word of events, from the queues that the topic feeds."""

from collections.abc import Iterable

from events.aws.messages import ids_in
from events.aws.names import event_queue
from events.consuming.sources import Source
from events.consuming.sqs import QueueSource, Received
from events.delivering import deliver


def event_sources(kinds: Iterable[str]) -> list[Source]:
    """A source for each kind of work."""
    return [_source(kind) for kind in kinds]


def _source(kind: str) -> Source:
    def handle(message: Received) -> None:
        """Nothing of the message is believed but the ids, and those are only looked up."""
        deliver(queue=kind, event_ids=ids_in(message.body))

    return QueueSource(queue=event_queue(kind), handle=handle)
