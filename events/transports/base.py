"""What a transport does: it tells the workers of a queue which events to look up (`events.word`)."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, NamedTuple
from uuid import UUID


class Told(NamedTuple):
    """An event that is new to the log, and the queues of the handlers that subscribed to it."""

    event_id: UUID
    type: str
    queues: frozenset[str]


class Transport(ABC):
    """Both ways raise what the broker raises; the deliveries are due again soon whatever happens.

    Called from the thread of `events.courier` (never from a request), and from the relay.
    """

    name: ClassVar[str]

    @abstractmethod
    def announce(self, told: Sequence[Told]) -> None:
        """Tell of new events: each to all of its queues. As few messages as the broker allows."""

    @abstractmethod
    def remind(self, queue: str, event_ids: Sequence[UUID]) -> None:
        """Tell one queue of events again, at most `MOST_EVENTS` in a message: for the relay and replays."""
