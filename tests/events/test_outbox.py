"""What is owed is sent, sent again, and given up only with a word to the operators."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from redis import Redis

from events import outbox, store
from events.contracts import RoomChanged, UserCreated
from events.models import Event, Outbox
from events.sender import Message, send_all, sender
from events.services import TooBig, new_event, publish, publish_batch
from events.tasks import store_events, store_several
from tests.events.conftest import KillableRedis
from tests.events.making import ALICE, ROOM, hit, owe
from tests.support.bus import settle

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def _messages(client: "Redis") -> int:
    sender.flush()
    return client.llen("scoring")


def _later(**time: int) -> datetime:
    return timezone.now() + timedelta(**time)


def test_a_message_follows_the_commit(redis_client: "Redis") -> None:
    owe([hit()])
    assert _messages(redis_client) == 1


def test_a_rollback_leaves_neither_row_nor_message(redis_client: "Redis") -> None:
    with transaction.atomic():
        owe([hit()])
        transaction.set_rollback(True)
    assert not Outbox.objects.exists()
    assert _messages(redis_client) == 0


def test_the_relay_sends_what_is_due_and_nothing_else(redis_client: "Redis") -> None:
    owe([hit()])
    _messages(redis_client)
    redis_client.flushall()
    due = Outbox.objects.get().due_at
    assert outbox.relay(now=due - timedelta(seconds=1)) == 0
    assert outbox.relay(now=due) == 1
    assert _messages(redis_client) == 1
    assert Outbox.objects.get().sent_at is not None


def test_the_relay_waits_longer_each_time() -> None:
    owe([hit()])
    now, pauses = timezone.now(), []
    for _ in range(8):
        now = Outbox.objects.get().due_at
        assert outbox.relay(now=now) == 1
        pauses.append(Outbox.objects.get().due_at - now)
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=10)
    assert pauses[-1] == outbox.LONGEST_PAUSE


def test_the_relay_is_bounded() -> None:
    for _ in range(5):
        owe([hit()])
    assert outbox.relay(now=_later(minutes=1), limit=3) == 3
    assert outbox.relay(now=_later(minutes=1), limit=3) == 2


def test_a_task_that_fails_again_and_again_ends_in_the_dead_letters() -> None:
    outbox_id = owe([hit()])
    for _ in range(outbox.MAX_FAILURES):
        outbox.failed(outbox_id, ValueError("the oven is cold"))
    row = Outbox.objects.get(pk=outbox_id)
    assert row.failed_at is not None
    assert row.error == "ValueError: the oven is cold"
    settle()
    told = Event.objects.get(type="TASK_WORKER_FAILED")
    assert told.data["outbox_id"] == str(outbox_id)
    assert told.data["error"] == "ValueError: the oven is cold"
    assert outbox.relay(now=_later(days=1)) == 0


def test_nobody_is_told_for_ever_that_telling_fails() -> None:
    outbox_id = owe([hit()])
    for _ in range(3):
        for row in Outbox.objects.filter(failed_at=None):
            for _ in range(outbox.MAX_FAILURES):
                outbox.failed(row.pk, "the database has no room")
    assert Outbox.objects.filter(failed_at=None).count() == 0
    assert Outbox.objects.count() == 2
    assert Outbox.objects.filter(pk=outbox_id).exists()


def test_an_event_too_big_for_a_broker_waits_in_its_row(redis_client: "Redis") -> None:
    data = RoomChanged(code="PIZZAS", kind="arena", title="x" * 250_000)
    publish(type="ROOM_CREATED", room=ROOM, data=data, source="rooms")
    assert _messages(redis_client) == 1
    assert redis_client.memory_usage("scoring", samples=0) < 10_000
    row = Outbox.objects.get()
    store_events(str(row.pk), "")
    assert len(Event.objects.get().data["title"]) == 250_000
    store_events(str(row.pk), "")


def test_an_absurdly_big_event_is_refused_at_once() -> None:
    data = RoomChanged(code="PIZZAS", kind="arena", title="x" * 1_000_000)
    with pytest.raises(TooBig, match="publish where it is"):
        publish(type="ROOM_CREATED", room=ROOM, data=data, source="rooms")
    assert not Outbox.objects.exists()


def test_a_batch_is_one_row_and_one_message(redis_client: "Redis") -> None:
    events = [
        new_event(type="USER_CREATED", actor=ALICE, data=UserCreated(guest=True), source="a")
        for _ in range(30)
    ]
    publish_batch(events)
    assert Outbox.objects.count() == 1
    assert _messages(redis_client) == 1
    settle()
    assert Event.objects.count() == 30


def test_rows_that_wait_share_a_message(redis_client: "Redis") -> None:
    rows = [Outbox.objects.get(pk=owe([hit()])) for _ in range(5)]
    _messages(redis_client)
    redis_client.flushall()
    send_all([Message(row.task, row.queue, str(row.pk), row.payload) for row in rows])
    assert _messages(redis_client) == 1
    store_several([[str(row.pk), row.payload] for row in rows])
    assert Event.objects.count() == 5
    assert not Outbox.objects.exists()
    store_several([[str(row.pk), row.payload] for row in rows])
    assert Event.objects.count() == 5


def test_a_row_that_breaks_the_task_spoils_none_that_share_its_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    poisoned, sound = hit(), hit()
    rows = [Outbox.objects.get(pk=owe([event])) for event in (poisoned, sound)]
    insert = store._insert

    def insert_but_not_poison(believed: Any, now: datetime) -> Any:
        if any(event.event_id == poisoned.event_id for event, _ in believed):
            raise RuntimeError("poison")
        return insert(believed, now)

    monkeypatch.setattr(store, "_insert", insert_but_not_poison)
    store_several([[str(row.pk), row.payload] for row in rows])
    assert Event.objects.get().event_id == sound.event_id
    assert Outbox.objects.get().failures == 1


def test_a_dead_letter_can_be_sent_again() -> None:
    outbox_id = owe([hit()])
    Outbox.objects.update(failed_at=timezone.now(), failures=outbox.MAX_FAILURES)
    assert outbox.send_again(Outbox.objects.all()) == 1
    assert outbox.relay(now=_later(seconds=1)) == 1
    assert Outbox.objects.get(pk=outbox_id).failures == 0


def test_a_batch_that_breaks_the_task_stays_owed(monkeypatch: pytest.MonkeyPatch) -> None:
    outbox_id = owe([hit()])
    row = Outbox.objects.get()
    with monkeypatch.context() as patch:
        patch.setattr(store, "_add", lambda *_: 1 / 0)
        store_events(str(outbox_id), row.payload)
    row.refresh_from_db()
    assert row.failures == 1
    assert not Event.objects.exists()
    store_events(str(outbox_id), row.payload)
    assert Event.objects.count() == 1
    assert not Outbox.objects.exists()


def test_a_consumer_can_say_that_it_is_done_twice() -> None:
    outbox_id = owe([hit()])
    assert outbox.done(outbox_id)
    assert not outbox.done(outbox_id)
    outbox.failed(outbox_id, "too late to fail")


def test_publish_refuses_data_that_is_not_of_the_type() -> None:
    with pytest.raises(ValueError, match="not the contract"):
        publish(type="ROOM_CREATED", data=UserCreated(guest=True), source="accounts")
    with pytest.raises(ValueError, match="not the contract"):
        publish(type="NO_SUCH_THING", data=UserCreated(guest=True), source="accounts")


def test_publishing_one_event_twice_logs_it_once() -> None:
    event_id = uuid4()
    for _ in range(2):
        publish(type="USER_CREATED", actor=ALICE, data=UserCreated(guest=True), source="a", event_id=event_id)
    for row in Outbox.objects.all():
        store_events(str(row.pk), row.payload)
    assert Event.objects.count() == 1


def test_with_the_broker_away_rows_wait_and_nobody_hangs(redis_server: KillableRedis) -> None:
    owe([hit()])
    sender.flush()
    redis_server.kill()
    for _ in range(20):
        owe([hit()])
    sender.flush()
    assert sender.broker_away
    assert outbox.relay(now=_later(minutes=1)) == 0
    redis_server.start()
    assert outbox.relay(now=_later(minutes=2)) == 21
