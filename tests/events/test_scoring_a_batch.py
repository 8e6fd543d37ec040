"""A batch in any order, split in any way, with any duplicates gives the same scores."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.contracts import NewEvent, RoomChanged
from events.models import Event, Outbox, RefusedEvent, Score
from events.services import publish
from tests.events.making import (
    ALICE,
    BOB,
    CHARLIE,
    ROOM,
    assert_exact,
    expected,
    hit,
    owe,
    payload_of,
    scores,
    store,
)

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

NOW = timezone.now()
HITS = [
    hit(
        event_id=UUID(int=n + 1),
        actor=(ALICE, BOB, CHARLIE)[n % 3],
        victim=(BOB, CHARLIE, None)[n % 3],
        destroyed=n % 4 == 0,
        room=UUID(int=n % 2 + 1),
        at=NOW - timedelta(days=n % 9),
    )
    for n in range(12)
]


@given(batches=st.lists(st.lists(st.sampled_from(HITS), max_size=8), max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_order_split_and_duplicates_give_the_same_scores(batches: list[list[NewEvent]]) -> None:
    Score.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM events_event")
    for batch in batches:
        store(batch)
    given_events = {event.event_id: event for batch in batches for event in batch}
    assert scores() == expected(given_events.values())
    assert Event.objects.count() == len(given_events)
    for board, player in scores():
        score = Score.objects.get(board=board, player=player)
        room = Event.objects.filter(actor=player)
        assert score.entries <= room.count()


def test_a_second_copy_of_a_batch_changes_nothing() -> None:
    assert store(HITS).new == len(HITS)
    before = scores()
    again = store(HITS)
    assert again.new == 0
    assert again.totals == []
    assert scores() == before


def test_a_batch_gives_the_new_totals_of_those_who_scored() -> None:
    store([hit(), hit(destroyed=True)])
    totals = store([hit()]).totals
    assert (f"room/{ROOM}", ALICE, 5) in totals
    assert ("arena/all", ALICE, 5) in totals
    assert len(totals) == 4


def test_the_outbox_row_goes_with_its_batch() -> None:
    outbox_id = owe([hit()])
    store([hit()], outbox_id=outbox_id)
    assert not Outbox.objects.exists()


def test_a_bots_hit_is_in_the_log_and_scores_nothing() -> None:
    store([hit(actor=None)])
    assert Event.objects.get().points == 0
    assert scores() == {}


def test_events_that_do_not_score_are_only_logged() -> None:
    data = RoomChanged(code="PIZZAS", kind="arena", title="Friday oven")
    event_id = publish(type="ROOM_CREATED", actor=ALICE, room=ROOM, data=data, source="rooms")
    row = Outbox.objects.get()
    from events.tasks import store_events

    store_events(str(row.pk), row.payload)
    event = Event.objects.get(event_id=event_id)
    assert event.data == msgspec.to_builtins(data)
    assert scores() == {}
    assert not Outbox.objects.exists()


def test_what_is_stored_is_what_was_said() -> None:
    said = hit(at=NOW)
    store([said])
    event = Event.objects.get()
    assert (event.event_id, event.type, event.actor, event.room) == (said.event_id, said.type, ALICE, ROOM)
    assert event.data == said.data
    assert (event.occurred_at, event.source, event.points) == (NOW, "arena", 1)


def test_the_number_of_statements_does_not_grow_with_the_batch() -> None:
    def statements(count: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            store([hit(actor=n % 40 + 10) for n in range(count)], outbox_id=owe([hit()]))
        return len(captured)

    statements(1)
    assert statements(2) == statements(200)


def test_concurrent_workers_with_the_same_hits_count_each_once() -> None:
    hits = [hit(actor=n % 5 + 10, victim=n % 7 + 20, at=NOW) for n in range(120)]
    batches = [hits[start : start + 30] for start in range(0, 120, 10)]
    shuffled = [list(reversed(batch)) if n % 2 else batch for n, batch in enumerate(batches)] * 2

    def work(batch: list[NewEvent]) -> None:
        try:
            store(batch)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, shuffled))
    assert_exact(hits)
    assert not RefusedEvent.objects.exists()


def test_an_empty_batch_only_removes_its_row() -> None:
    from events.store import store_payload

    outbox_id = owe([])
    store_payload(outbox_id=outbox_id, payload=payload_of([]), now=NOW)
    assert_exact([])
