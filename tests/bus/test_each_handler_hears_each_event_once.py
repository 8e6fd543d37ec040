"""Whatever the transport does: duplicates, any order, strangers' letters, lost ones."""

from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from django.utils import timezone

from events import delivering
from events.models import Delivery, Event, Outbox
from events.queues import QUEUES
from events.relaying import relay_deliveries
from events.store import store_payload
from events.word import encode_ids
from tests.bus.buses import Bus
from tests.bus.listening import Listeners, event_ids, happen, owed
from tests.events.making import hit, payload_of, store

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def test_each_queue_gets_word_and_each_handler_hears(bus: Bus, listeners: Listeners) -> None:
    for name, queue in (("mail", "email"), ("entry", "feed"), ("board", "feed")):
        listeners.subscribe(name, queue=queue)
    (seq,) = happen()
    (letter,) = bus.take("email")
    bus.open(letter)
    assert listeners.heard("mail") == [seq]
    assert listeners.heard("entry") == []
    (letter,) = bus.take("feed")
    bus.open(letter)
    assert listeners.heard("entry") == listeners.heard("board") == [seq]
    assert owed() == 0


def test_nothing_is_sent_of_what_nobody_listens_to(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("rooms", "ROOM_CREATED")
    happen(3)
    assert [bus.take(queue) for queue in QUEUES] == [[]] * len(QUEUES)
    assert not Delivery.objects.exists()


def test_a_subscriber_to_all_hears_everything_but_hits(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("all", "*", queue="webhooks")
    (seq,) = happen()
    store([hit()])
    for letter in bus.take("webhooks"):
        bus.open(letter)
    assert listeners.heard("all") == [seq]
    assert Delivery.objects.count() == 1


def test_a_letter_that_comes_twice_does_nothing_twice(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("entry")
    places = happen(5)
    letters = bus.take("feed")
    for letter in letters * 3:
        bus.open(letter)
    assert listeners.heard("entry") == places


def test_letters_in_any_order_lose_nothing(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("entry")
    listeners.subscribe("board")
    letters, places = [], []
    for _ in range(12):
        places += happen()
        letters += bus.take("feed")
    shuffled = letters * 2
    Random(4).shuffle(shuffled)
    for letter in shuffled:
        bus.open(letter)
    assert listeners.heard("entry") == listeners.heard("board") == places


def test_a_letter_a_month_late_finds_nothing_to_do(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("entry")
    places = happen()
    letters = bus.take("feed")
    bus.open(letters[0])
    long_ago = timezone.now() - timedelta(days=31)
    Delivery.objects.update(created_at=long_ago, done_at=long_ago)
    bus.open(letters[0])
    assert listeners.heard("entry") == places


def test_a_batch_that_is_stored_twice_owes_nothing_twice(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("hits", "SHIP_HIT", queue="trivia")
    events = [hit() for _ in range(4)]
    for _ in range(2):
        store_payload(outbox_id=None, payload=payload_of(events), now=timezone.now())
    bus.announce_again("trivia", event_ids())
    for letter in bus.take("trivia"):
        bus.open(letter)
    assert len(listeners.heard("hits")) == 4
    assert Delivery.objects.count() == 4


def test_a_lost_letter_is_sent_again_by_the_relay(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("entry")
    places = happen(3)
    bus.take("feed")
    due = Delivery.objects.order_by("due_at").values_list("due_at", flat=True)
    assert relay_deliveries(now=due[0] - timedelta(seconds=1)) == 0
    assert relay_deliveries(now=due[2]) == 3
    for letter in bus.take("feed"):
        bus.open(letter)
    assert listeners.heard("entry") == places
    assert relay_deliveries(now=timezone.now() + timedelta(days=1)) == 0


def test_the_relay_waits_longer_each_time(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("entry")
    happen()
    pauses = []
    for _ in range(8):
        due = Delivery.objects.get().due_at
        assert relay_deliveries(now=due) == 1
        pauses.append(Delivery.objects.get().due_at - due)
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(minutes=5)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "{}",
        "nonsense",
        '["no id"]',
        '[{"event_id": 1}]',
        encode_ids([UUID(int=7)]),
        encode_ids(UUID(int=n) for n in range(500)),
    ],
)
def test_a_strangers_letter_does_nothing_and_breaks_nothing(
    bus: Bus, listeners: Listeners, body: str
) -> None:
    listeners.subscribe("entry")
    bus.put("feed", body)
    for letter in bus.take("feed"):
        bus.open(letter)
    assert not Delivery.objects.exists()
    places = happen()
    for letter in bus.take("feed"):
        bus.open(letter)
    assert listeners.heard("entry") == places


def test_a_letter_on_the_wrong_queue_runs_no_other_queues_handlers(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("mail", queue="email")
    happen()
    bus.put("feed", encode_ids(event_ids()))
    for letter in bus.take("feed"):
        bus.open(letter)
    assert listeners.heard("mail") == []


def test_what_is_said_of_an_event_is_read_from_the_log_and_from_nowhere_else(
    bus: Bus, listeners: Listeners
) -> None:
    seen = []
    listeners.subscribe("entry", doing=seen.append)
    happen()
    for letter in bus.take("feed"):
        bus.open(letter)
    logged = Event.objects.get()
    (event,) = seen
    assert (event.event_id, event.actor, event.recorded_at) == (
        logged.event_id,
        logged.actor,
        logged.recorded_at,
    )
    assert event.data.guest is True


def test_many_events_share_few_letters(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("entry")
    places = happen(30)
    bus.take("feed")
    bus.announce_again("feed", event_ids())
    (letter,) = bus.take("feed")
    bus.open(letter)
    assert listeners.heard("entry") == places
    assert not Outbox.objects.exists()


def test_who_took_deliveries_up_runs_them_when_the_time_is_over_too(
    bus: Bus, listeners: Listeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others' letters may have been opened meanwhile, and found everything in somebody's hands."""
    monkeypatch.setattr(delivering, "TOGETHER_SECONDS", 0)
    listeners.subscribe("entry")
    places = happen(5)
    bus.take("feed")
    bus.announce_again("feed", event_ids()[:1])
    (letter,) = bus.take("feed")
    bus.open(letter)
    assert listeners.heard("entry") == places
