"""Whatever the event or its handler is like: large, slow, of a type or with a field that nobody knows."""

import threading
from uuid import uuid4

import pytest
from django.db import connection

from events.contracts import RoomChanged
from events.models import Delivery, Event, RefusedEvent
from events.services import publish
from events.subscribing import Occurred
from tests.bus.buses import Bus
from tests.bus.listening import Listeners, event_ids, happen, owed
from tests.events.making import hit, store
from tests.support.bus import store_owed
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def test_an_event_of_250_kb_is_heard_whole(bus: Bus, listeners: Listeners) -> None:
    heard: list[Occurred] = []
    listeners.subscribe("entry", "ROOM_CREATED", doing=heard.append)
    room = RoomChanged(code="PIZZAS", kind="arena", title="é" * 125_000)
    publish(type="ROOM_CREATED", room=uuid4(), data=room, source="tests")
    store_owed()
    (letter,) = bus.take("feed")
    assert len(letter.body) < 1000
    bus.open(letter)
    assert [event.data for event in heard] == [room]


def test_a_letter_that_comes_again_while_its_handler_still_works_runs_nothing_twice(
    bus: Bus, listeners: Listeners
) -> None:
    """As when a handler is slower than the visibility timeout, and nobody could extend it."""
    begun, go = threading.Event(), threading.Event()

    def work_slowly(event: Occurred) -> None:
        begun.set()
        go.wait(60)

    listeners.subscribe("entry", doing=work_slowly)
    places = happen()
    (letter,) = bus.take("feed")
    first, second = (_in_a_thread(bus, letter) for _ in range(2))
    first.start()
    wait_for(begun.is_set)
    second.start()
    if connection.vendor == "postgresql":
        second.join(10)  # there it need not wait for the first
    go.set()
    first.join(60)
    second.join(60)
    assert listeners.heard("entry") == places
    assert owed() == 0


def test_what_has_an_unknown_type_or_field_is_refused_and_the_rest_is_heard(
    bus: Bus, listeners: Listeners
) -> None:
    listeners.subscribe("hits", "SHIP_HIT")
    unknown_field = hit()
    unknown_field.data["colour"] = "tomato"
    good = hit()
    store([hit(type="PINEAPPLE"), unknown_field, good])
    bus.announce_again("feed", event_ids())
    for letter in bus.take("feed"):
        bus.open(letter)
    assert [event.event_id for event in Event.objects.all()] == [good.event_id]
    assert listeners.heard("hits") == [Event.objects.get().seq]
    assert RefusedEvent.objects.count() == 2
    assert Delivery.objects.count() == 1


def _in_a_thread(bus: Bus, letter: object) -> threading.Thread:
    def open_it() -> None:
        bus.open(letter)  # type: ignore[arg-type]
        connection.close()

    return threading.Thread(target=open_it)
