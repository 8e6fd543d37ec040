"""Hits for the tests, and what they must come to."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from events import outbox, payloads
from events.boards import boards_for
from events.contracts import NewEvent
from events.models import Event, Outbox, Score
from events.services import STORE_QUEUE, STORE_TASK
from events.store import Stored, store_payload

ROOM = UUID(int=7)
ALICE, BOB, CHARLIE, STRANGER = 1, 2, 3, 999
PLAYERS = {ALICE, BOB, CHARLIE, *range(10, 60)}


def hit(
    *,
    actor: int | None = ALICE,
    victim: int | None = BOB,
    destroyed: bool = False,
    at: datetime | None = None,
    event_id: UUID | None = None,
    room: UUID | None = ROOM,
    **changes: Any,
) -> NewEvent:
    """A hit of Alice on Bob, or as told; `changes` are fields of the event itself."""
    data = {
        "epoch": 1,
        "tick": 40,
        "olive": 3,
        "victim": victim,
        "shooter_name": "Crispy Olive",
        "victim_name": "Bold Basil",
        "destroyed": destroyed,
    }
    fields: dict[str, Any] = {
        "event_id": event_id or uuid4(),
        "type": "SHIP_HIT",
        "actor": actor,
        "room": room,
        "data": data,
        "occurred_at": at or timezone.now(),
        "source": "arena",
    }
    return NewEvent(**{**fields, **changes})


def payload_of(events: Iterable[NewEvent]) -> str:
    """The events as one outbox row carries them."""
    return payloads.join(payloads.encode_event(event) for event in events)


def owe(events: Iterable[NewEvent]) -> UUID:
    """An outbox row with the events, and its message; gives the row's id."""
    return outbox.enqueue(task=STORE_TASK, queue=STORE_QUEUE, payload=payload_of(events))


def store(events: Iterable[NewEvent], *, outbox_id: UUID | None = None) -> Stored:
    """Store the events as one batch, here and now."""
    return store_payload(outbox_id=outbox_id, payload=payload_of(events), now=timezone.now())


def expected(events: Iterable[NewEvent]) -> dict[tuple[str, int], int]:
    """What the scores must be, counted the simple way."""
    points: Counter[tuple[str, int]] = Counter()
    for event in {event.event_id: event for event in events}.values():
        if event.actor is not None:
            for board in boards_for("arena", event.room, event.occurred_at):
                points[board, event.actor] += 3 if event.data["destroyed"] else 1
    return dict(points)


def scores() -> dict[tuple[str, int], int]:
    """What the scores are."""
    return {(score.board, score.player): score.points for score in Score.objects.all()}


def assert_exact(events: list[NewEvent]) -> None:
    """Nothing is owed, every event is in the log once, and every score is right."""
    assert not Outbox.objects.exists()
    assert set(Event.objects.values_list("event_id", flat=True)) == {event.event_id for event in events}
    assert scores() == expected(events)
