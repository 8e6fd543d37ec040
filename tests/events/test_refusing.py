"""What is not believed is refused with its reason, and spoils nothing else."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from events.contracts import NewEvent
from events.models import Event, Outbox, RefusedEvent
from events.tasks import store_events
from tests.events.making import ALICE, BOB, STRANGER, hit, owe, payload_of, store

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def _impossible() -> list[tuple[NewEvent, str]]:
    now = timezone.now()
    return [
        (hit(type="SHIP_KISSED"), "Unknown type"),
        (hit(data={**hit().data, "cheat": True}), "unknown field `cheat`"),
        (hit(data={"epoch": 1}), "missing required field"),
        (hit(actor=STRANGER), "actor is no known player"),
        (hit(victim=STRANGER), "victim is no known player"),
        (hit(actor=BOB, victim=BOB), "own ship"),
        (hit(actor=None, victim=None), "Bots hit bots"),
        (hit(room=None), "needs a room"),
        (hit(at=now + timedelta(minutes=1)), "in the future"),
        (hit(at=now - timedelta(days=31)), "days old"),
        (hit(actor=-5), ">= 1"),
        (hit(actor=2**63), "int"),
        (hit(source="x" * 41), "length <= 40"),
        (hit(source="nul\0"), "NUL"),
        (hit(data={**hit().data, "shooter_name": "nul\0"}), "NUL"),
        (hit(occurred_at=now.replace(tzinfo=None)), "timezone"),
    ]


@pytest.mark.parametrize("number", range(16))
def test_an_impossible_event_is_kept_with_its_reason_and_its_batch_stands(number: int) -> None:
    event, reason = _impossible()[number]
    good = hit()
    outbox_id = owe([])
    stored = store([good, event], outbox_id=outbox_id)
    assert (stored.new, stored.refused) == (1, 1)
    refused = RefusedEvent.objects.get()
    assert reason in refused.reason
    assert refused.event_id == str(event.event_id)
    assert Event.objects.get().event_id == good.event_id
    assert not Outbox.objects.exists()


def test_a_refused_event_that_comes_again_is_kept_once() -> None:
    event = hit(actor=STRANGER)
    store([event])
    store([event, hit()])
    assert RefusedEvent.objects.count() == 1
    assert Event.objects.count() == 1


@pytest.mark.parametrize("payload", ["", "{", "null", '{"a": 1}', "nonsense", '["\\ud800"', "9" * 50_000])
def test_a_payload_that_cannot_be_read_is_kept_and_its_row_goes(payload: str) -> None:
    outbox_id = owe([])
    Outbox.objects.update(payload=payload)
    store_events(str(outbox_id), payload)
    assert RefusedEvent.objects.get().reason.startswith("Unreadable")
    assert not Outbox.objects.exists()


@pytest.mark.parametrize("row", [1, None, "text", [], {}, {"event_id": "no uuid"}, {"type": {"a": 1}}])
def test_a_row_of_the_wrong_shape_does_not_spoil_its_batch(row: Any) -> None:
    good = json.loads(payload_of([hit()]))
    store_events(str(owe([])), json.dumps([*good, row]))
    assert Event.objects.count() == 1
    assert RefusedEvent.objects.get().payload == ({"text": "null"} if row is None else row)


def test_a_clock_that_is_a_little_fast_is_forgiven() -> None:
    store([hit(actor=ALICE, at=timezone.now() + timedelta(seconds=2))])
    assert Event.objects.count() == 1
