"""Handlers that take their time: nobody hoards what others could do meanwhile."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from events import delivering, sharing
from events.claiming import SUSPECT_SENDS
from events.models import Delivery
from tests.bus.buses import Bus, Letter
from tests.bus.listening import Listeners, event_ids, happen

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if each handler took longer than a transaction should last, and a worker should be alone."""
    monkeypatch.setattr(delivering, "ALONE_SECONDS", 0)
    monkeypatch.setattr(delivering, "TOGETHER_SECONDS", 0)
    monkeypatch.setattr(delivering, "_fitting", lambda seconds: 0)
    monkeypatch.setattr(sharing, "_alone_until", 0.0)


def open_one_of_all(bus: Bus) -> None:
    """A letter that names the whole log."""
    bus.take("feed")
    bus.announce_again("feed", event_ids())
    (letter,) = bus.take("feed")
    bus.open(letter)


def open_the_others(bus: Bus) -> list[int]:
    """Open what came of it, again and again; how many letters there were each time."""
    rounds = []
    while letters := bus.take("feed"):
        rounds.append(len(letters))
        for letter in letters:
            bus.open(letter)
    return rounds


@pytest.mark.usefixtures("slow")
def test_what_is_left_of_a_large_letter_is_shared_with_the_others(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("entry")
    places = happen(12)
    open_one_of_all(bus)
    assert listeners.heard("entry") == places[:1]
    assert open_the_others(bus) == [8, 3]
    assert listeners.heard("entry") == places


@pytest.mark.usefixtures("slow")
def test_without_a_broker_nobody_else_comes_and_one_does_it_all(
    bus: Bus, listeners: Listeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[None] = []

    def away() -> None:
        asked.append(None)
        raise ConnectionError("The broker is away.")

    monkeypatch.setattr(sharing, "get_transport", away)
    listeners.subscribe("entry")
    places = happen(3)
    open_one_of_all(bus)
    assert listeners.heard("entry") == places
    assert len(asked) == 1, "it is not waited for again and again"


@pytest.mark.usefixtures("slow")
def test_what_was_told_in_vain_is_shared_too(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("entry")
    places = happen(4)
    Delivery.objects.update(sends=SUSPECT_SENDS)
    open_one_of_all(bus)
    assert listeners.heard("entry") == places[:1]
    open_the_others(bus)
    assert listeners.heard("entry") == places
    assert max(Delivery.objects.values_list("attempts", flat=True)) <= 2


@pytest.mark.only_postgresql  # SQLite has one writer
def test_handlers_of_two_letters_are_at_work_at_the_same_time(bus: Bus, listeners: Listeners) -> None:
    both = threading.Barrier(2, timeout=20)
    listeners.subscribe("entry", doing=lambda event: both.wait() and None)
    places = happen(2)
    bus.take("feed")
    for event_id in event_ids():
        bus.announce_again("feed", [event_id])

    def open_it(letter: Letter) -> None:
        try:
            bus.open(letter)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(open_it, bus.take("feed")))
    assert listeners.heard("entry") == places
