"""A batch of events as JSON: what an outbox row carries. A list of `NewEvent`, at most about 100 kB."""

from collections.abc import Iterable, Iterator

import msgspec

from events.contracts import Incoming, NewEvent

# SQS takes 256 kB, and a message there is base64 within base64: 100 kB become 180 kB.
MAX_BYTES = 100_000
MAX_EVENTS = 500

_encode = msgspec.json.Encoder().encode
_read_batch = msgspec.json.Decoder(list[Incoming]).decode
_read_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
_read_one = msgspec.json.Decoder(Incoming).decode


class Unreadable(ValueError):
    """The payload is not even a list."""


def encode_event(event: NewEvent) -> bytes:
    """One event as JSON."""
    return _encode(event)


def join(encoded: Iterable[bytes]) -> str:
    """The payload of events that `encode_event` encoded."""
    return (b"[" + b",".join(encoded) + b"]").decode()


def split(encoded: Iterable[bytes]) -> Iterator[str]:
    """Payloads for any number of encoded events, in order, each within the bounds."""
    chunk: list[bytes] = []
    size = 0
    for event in encoded:
        if chunk and (size + len(event) > MAX_BYTES or len(chunk) == MAX_EVENTS):
            yield join(chunk)
            chunk, size = [], 0
        chunk.append(event)
        size += len(event) + 1
    if chunk:
        yield join(chunk)


def decode(payload: str) -> tuple[list[Incoming], list[tuple[bytes, str]]]:
    """The events that have the right shape, and the others' JSON with what is wrong with each.

    Raises `Unreadable` if there is no list to look into.
    """
    try:
        return _read_batch(payload), []
    except (msgspec.MsgspecError, UnicodeError):
        return _decode_one_by_one(payload)


def _decode_one_by_one(payload: str) -> tuple[list[Incoming], list[tuple[bytes, str]]]:
    try:
        rows = [bytes(row) for row in _read_list(payload)]
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise Unreadable(str(error)) from error
    good: list[Incoming] = []
    bad: list[tuple[bytes, str]] = []
    for row in rows:
        try:
            good.append(_read_one(row))
        except (msgspec.MsgspecError, UnicodeError) as error:
            bad.append((row, str(error)))
    return good, bad
