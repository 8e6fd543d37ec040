"""Word of events as it travels, whatever carries it: ids, and nothing else.

Whoever receives it calls `events.delivering.deliver(queue=, event_ids=)`, which reads the events from the log
and the promises from the deliveries: so a message may be lost (the relay sends another), come twice, late, in
any order or from a stranger, and does no harm.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID

import msgspec

MOST_EVENTS = 100  # ids in a message: 4 kB

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[UUID]).decode


class BadMessage(ValueError):
    """A message that no transport of ours wrote."""


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
