"""What travels: an event as the topic has it, ids as the relay sends them, and what we read of either.

Other systems may subscribe to the topic. A body there is a JSON object:

    {"event_id": "…", "type": "ROOM_CREATED", "seq": 7, "actor": null, "room": "…", "data": {…}, "points": 0,
     "occurred_at": "…", "recorded_at": "…", "source": "rooms"}

An event too large for SNS goes without its data: `"data": null, "data_left_out": true`. The id is the claim,
the log the cloakroom. Our own consumers read nothing but the id anyway.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from events.models import Event
from events.word import BadMessage, decode_ids

# SNS and SQS take 256 KiB for all messages of a call together, their attributes included, and ten messages.
CALL_BYTES = 250_000
CALL_MESSAGES = 10
ENTRY_OVERHEAD = 200  # bytes of an entry's attributes

Entry = Mapping[str, Any]


class Claim(msgspec.Struct):
    """All that we read of a body: the rest is for others, and could be anybody's."""

    event_id: UUID


_encode = msgspec.json.Encoder().encode
_read_claim = msgspec.json.Decoder(Claim).decode


def body_of(event: Event) -> str:
    """The event as the topic has it, at most `CALL_BYTES`."""
    fields = {
        "event_id": event.event_id,
        "type": event.type,
        "seq": event.seq,
        "actor": event.actor,
        "room": event.room,
        "data": event.data,
        "points": event.points,
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "source": event.source,
    }
    body = _encode(fields)
    if len(body) > CALL_BYTES - ENTRY_OVERHEAD:
        body = _encode({**fields, "data": None, "data_left_out": True})
    return body.decode()


def ids_in(body: str) -> list[UUID]:
    """The events that a message of ours names; raises `BadMessage` if it is anything else."""
    if body.startswith("["):
        return decode_ids(body)
    try:
        return [_read_claim(body).event_id]
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise BadMessage(str(error)) from error


def calls(entries: Iterable[Entry], *, text: str) -> Iterator[Sequence[Entry]]:
    """The entries in as few calls as AWS allows; `text` is the field that holds an entry's body."""
    call: list[Entry] = []
    size = 0
    for entry in entries:
        bytes = len(entry[text].encode()) + ENTRY_OVERHEAD
        if call and (len(call) == CALL_MESSAGES or size + bytes > CALL_BYTES):
            yield call
            call, size = [], 0
        call.append(entry)
        size += bytes
    if call:
        yield call
