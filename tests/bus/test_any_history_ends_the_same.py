"""Whatever happens in whatever order, at the end each handler has heard each event that was published once.

A state machine publishes, rolls back, stores, delivers, delivers again, fails, dies and relays; a set says
what must be. Messages are a bag: any may be taken at any time, any number of times, or never.
"""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from events import delivering, outbox, tasks
from events.contracts import UserCreated
from events.models import Delivery, Event, Outbox, RefusedEvent, Score
from events.relaying import relay_deliveries
from events.services import new_event, publish_batch
from events.subscribing import Occurred
from tests.bus.listening import ALICE, Listeners

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

HANDLERS = {"mail": "email", "entry": "feed", "board": "feed"}


class Killed(BaseException):
    """Stands for SIGKILL: nothing catches it."""


class Mood:
    """What the handlers do next."""

    def __init__(self) -> None:
        self.deadly = False
        self.failing = False

    def __call__(self, event: Occurred) -> None:
        if self.deadly:
            self.deadly = False
            raise Killed
        if self.failing:
            raise RuntimeError("the oven is cold")


class History(RuleBasedStateMachine):
    """One process's life after the other, on one database."""

    mood: Mood
    listeners: Listeners
    stores: list[tuple[str, str]]
    words: list[tuple[str, UUID]]

    def __init__(self) -> None:
        super().__init__()
        for model in (Delivery, Outbox, Score, RefusedEvent):
            model._base_manager.all().delete()
        Event.objects.all()._raw_delete("default")
        self.stores.clear()
        self.words.clear()
        self.mood.deadly = self.mood.failing = False
        self.published: set[UUID] = set()
        self.now = timezone.now()

    @rule(count=st.integers(1, 4), committed=st.booleans())
    def publish(self, count: int, committed: bool) -> None:
        events = [
            new_event(type="USER_CREATED", actor=ALICE, data=UserCreated(guest=True), source="t")
            for _ in range(count)
        ]
        with transaction.atomic():
            publish_batch(events)
            transaction.set_rollback(not committed)
        if committed:
            self.published |= {event.event_id for event in events}

    @precondition(lambda self: self.stores)
    @rule(choice=st.integers(0, 99))
    def store(self, choice: int) -> None:
        tasks.store_events(*self.stores[choice % len(self.stores)])

    @precondition(lambda self: len(self.stores) > 1)
    @rule()
    def store_all_in_one_message(self) -> None:
        tasks.store_several(self.stores)

    @precondition(lambda self: self.words)
    @rule(choice=st.integers(0, 99), how=st.sampled_from(["well", "well", "failing", "deadly"]))
    def deliver(self, choice: int, how: str) -> None:
        self.mood.failing, self.mood.deadly = how == "failing", how == "deadly"
        queue, event_id = self.words[choice % len(self.words)]
        try:
            delivering.deliver(queue=queue, event_ids=[event_id])
        except Killed:
            pass
        finally:
            self.mood.failing = self.mood.deadly = False

    @rule()
    def lose_all_messages(self) -> None:
        self.stores.clear()
        self.words.clear()

    @rule(hours=st.integers(0, 8))
    def relay(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        outbox.relay(now=self.now)
        relay_deliveries(now=self.now)

    def teardown(self) -> None:
        """In the end all messages are lost, and only the relay is left."""
        self.lose_all_messages()
        for _ in range(12):
            self.relay(8)
            for message in list(self.stores):
                tasks.store_events(*message)
            for queue, event_id in list(self.words):
                delivering.deliver(queue=queue, event_ids=[event_id])
        assert set(Event.objects.values_list("event_id", flat=True)) == self.published
        places = sorted(Event.objects.values_list("seq", flat=True))
        dead = Delivery.objects.filter(failed_at__isnull=False)
        for name in HANDLERS:
            given_up = set(dead.filter(handler=name).values_list("event__seq", flat=True))
            assert self.listeners.heard(name) == [seq for seq in places if seq not in given_up]
        assert not Delivery.objects.filter(done_at=None, failed_at=None).exists()


@pytest.fixture
def history(listeners: Listeners, monkeypatch: pytest.MonkeyPatch) -> type[History]:
    class Here(History):
        pass

    Here.mood, Here.listeners, Here.stores, Here.words = Mood(), listeners, [], []
    for name, queue in HANDLERS.items():
        listeners.subscribe(name, queue=queue, doing=Here.mood)
    monkeypatch.setattr(delivering, "SHORT_PAUSES", (0,))
    monkeypatch.setattr(
        outbox.sender, "send", lambda message: Here.stores.append((message.outbox_id, message.payload))
    )
    monkeypatch.setattr(
        outbox,
        "send_all",
        lambda messages: Here.stores.extend((message.outbox_id, message.payload) for message in messages),
    )
    monkeypatch.setattr(
        tasks,
        "tell",
        lambda told: Here.words.extend((queue, one.event_id) for one in told for queue in one.queues),
    )

    class Bag:
        def remind(self, queue: str, event_ids: list[UUID]) -> None:
            Here.words.extend((queue, event_id) for event_id in event_ids)

    monkeypatch.setattr("events.relaying.get_transport", Bag)
    return Here


def test_any_history_ends_the_same(history: type[History]) -> None:
    run_state_machine_as_test(
        history,
        settings=settings(
            max_examples=12,
            stateful_step_count=15,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
