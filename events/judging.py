"""Which events are believed. Pure: the clock and the list of players are arguments.

An event that breaks a rule is refused with a reason that an operator can read; the rest of its batch stands.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from events.contracts import (
    CONTRACTS,
    Contract,
    Incoming,
    IncomingWebhook,
    QuestionAnswered,
    ShipHit,
    contract_of,
)
from events.scoring import points_for

FUTURE = timedelta(seconds=5)
PAST = timedelta(days=30)

_decoders = {
    contract: msgspec.json.Decoder(contract).decode for contract in (*CONTRACTS.values(), IncomingWebhook)
}


class Believed(NamedTuple):
    """An event that goes into the log, with what it adds to its actor's score."""

    event: Incoming
    points: int


class Refusal(NamedTuple):
    """An event that does not, and why (up to 200 characters)."""

    event: Incoming
    reason: str


class Read(NamedTuple):
    """An event and its typed data."""

    event: Incoming
    data: Contract


def read(events: Iterable[Incoming]) -> tuple[list[Read], list[Refusal]]:
    """Read each event's data by the contract of its type."""
    good: list[Read] = []
    bad: list[Refusal] = []
    for event in events:
        contract = contract_of(event.type)
        if contract is None:
            bad.append(Refusal(event, "Unknown type of event."))
            continue
        try:
            good.append(Read(event, _decoders[contract](event.data)))
        except (msgspec.MsgspecError, UnicodeError) as error:
            bad.append(Refusal(event, f"Wrong data: {error}"[:200]))
    return good, bad


def players_in(events: Iterable[Read]) -> set[int]:
    """Everybody whom the events speak of."""
    ids = {player for event, data in events for player in (event.actor, getattr(data, "victim", None))}
    ids.discard(None)
    return ids  # type: ignore[return-value]


def judge(
    events: Iterable[Read], *, players: set[int], now: datetime
) -> tuple[list[Believed], list[Refusal]]:
    """Believe or refuse each event; `players` are those of `players_in(events)` that exist."""
    good: list[Believed] = []
    bad: list[Refusal] = []
    earliest, latest = now - PAST, now + FUTURE
    for event, data in events:
        if reason := _objection(event, data, players, earliest, latest):
            bad.append(Refusal(event, reason))
        else:
            points = 0 if event.actor is None else points_for(event.type, data)
            good.append(Believed(event, points))
    return good, bad


def _objection(
    event: Incoming, data: Contract, players: set[int], earliest: datetime, latest: datetime
) -> str | None:
    if event.occurred_at > latest:
        return "It lies in the future."
    if event.occurred_at < earliest:
        return f"It is more than {PAST.days} days old."
    if event.actor is not None and event.actor not in players:
        return "The actor is no known player."
    if "\0" in event.source or b"\\u0000" in bytes(event.data):
        return "It contains a NUL character, which no text may."
    rule = _RULES.get(event.type)
    return rule(event, data, players) if rule else None


def _hit(event: Incoming, data: ShipHit, players: set[int]) -> str | None:
    if event.room is None:
        return "A hit needs a room."
    if event.actor is None and data.victim is None:
        return "Bots hit bots: that is nobody's point."
    if event.actor == data.victim:
        return "Nobody can hit their own ship."
    if data.victim is not None and data.victim not in players:
        return "The victim is no known player."
    return None


def _answer(event: Incoming, data: QuestionAnswered, players: set[int]) -> str | None:
    if data.elapsed > data.allowed:
        return "It came after its time."
    return _of_a_player(event, data, players)


def _of_a_player(event: Incoming, data: Contract, players: set[int]) -> str | None:
    return "It needs a player and a room." if event.room is None or event.actor is None else None


_RULES: dict[str, Callable[[Incoming, Any, set[int]], str | None]] = {
    "SHIP_HIT": _hit,
    "QUESTION_ANSWERED": _answer,
    "ANSWER_VOIDED": _of_a_player,
}
