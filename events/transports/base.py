"""What a transport does: it tells the workers of a queue which events to look up.

A message carries ids and nothing else. Whoever receives it calls `events.delivering.deliver(queue=,
event_ids=)`, which reads the events from the log and the promises from the deliveries: so a message may be
lost (the relay sends another), come twice, late, in any order or from a stranger, and does no harm.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import ClassVar, NamedTuple
from uuid import UUID

import msgspec

MOST_EVENTS = 100  # ids in a message: 4 kB

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[UUID]).decode


class Told(NamedTuple):
    """An event that is new to the log, and the queues of the handlers that subscribed to it."""

    event_id: UUID
    type: str
    queues: frozenset[str]


class BadMessage(ValueError):
    """A message that no transport of ours wrote."""


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


def encode_ids(event_ids: Iterable[UUID]) -> str:
    """The body of a message: a JSON list of ids."""
    return _encode(list(event_ids)).decode()


def decode_ids(body: str | bytes) -> list[UUID]:
    """The ids of a body; raises `BadMessage` if it is anything else."""
    try:
        event_ids = _decode(body)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise BadMessage(str(error)) from error
    if len(event_ids) > MOST_EVENTS:
        raise BadMessage(f"More than {MOST_EVENTS} events in one message.")
    return event_ids


def chunks(event_ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    """The ids in lists that fit a message."""
    rest = iter(event_ids)
    while chunk := list(islice(rest, MOST_EVENTS)):
        yield chunk
