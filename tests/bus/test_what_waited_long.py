"""A backlog: many in one message and one transaction, and one that kills its worker is found."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events import delivering
from events.claiming import SUSPECT_SENDS
from events.delivering import deliver
from events.models import Delivery, Event
from events.relaying import relay_deliveries
from events.subscribing import Occurred
from tests.bus.buses import Bus
from tests.bus.listening import Listeners, event_ids, happen, owed

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


class Killed(BaseException):
    """What no code of ours can catch stands for SIGKILL."""


def _told_in_vain() -> None:
    """As if for minutes no worker had taken the queue."""
    Delivery.objects.update(sends=SUSPECT_SENDS)


def _commits(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        work()
    return sum(query["sql"] == "COMMIT" for query in queries)


def test_the_relay_hands_a_backlog_over_in_few_letters(bus: Bus, listeners: Listeners) -> None:
    listeners.subscribe("entry")
    places = happen(1)
    event = Event.objects.get()
    Event.objects.bulk_create(
        Event(
            event_id=f"{number:032x}",
            type=event.type,
            data=event.data,
            source=event.source,
            occurred_at=event.occurred_at,
            recorded_at=event.recorded_at,
        )
        for number in range(249)
    )
    now = timezone.now()
    Delivery.objects.bulk_create(
        Delivery(event_id=row, handler="entry", queue="feed", created_at=now, due_at=now)
        for row in event_ids()
        if row != event.event_id
    )
    bus.take("feed")
    assert relay_deliveries(now=now + timedelta(minutes=1)) == 250
    letters = bus.take("feed")
    assert len(letters) == 3
    for letter in letters:
        bus.open(letter)
    assert owed() == 0
    assert len(listeners.heard("entry")) == 250
    assert places[0] in listeners.heard("entry")


@pytest.fixture
def in_vain(listeners: Listeners, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The places of thirty events that word was sent of again and again, and nobody came."""
    monkeypatch.setattr(delivering, "TOGETHER_SECONDS", 60)
    listeners.subscribe("entry")
    places = happen(30)
    _told_in_vain()
    return places


def test_what_was_told_in_vain_is_run_many_at_once(listeners: Listeners, in_vain: list[int]) -> None:
    assert _commits(lambda: deliver(queue="feed", event_ids=event_ids())) == 2
    assert listeners.heard("entry") == in_vain


def test_a_letter_of_one_that_was_told_in_vain_is_enough_for_the_others(
    listeners: Listeners, in_vain: list[int]
) -> None:
    """Their own lie far behind in the queue: it would grow for ever if each did only what it names."""
    assert deliver(queue="feed", event_ids=event_ids()[:1]) == (30, 0)
    assert listeners.heard("entry") == in_vain


def test_one_that_kills_its_worker_is_found_and_the_others_are_heard(
    listeners: Listeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(event: Occurred) -> None:
        if event.seq == killer:
            raise Killed

    listeners.subscribe("entry", doing=kill)
    places = happen(5)
    killer = places[1]
    _told_in_vain()
    for _ in range(3):
        with pytest.raises(Killed):
            deliver(queue="feed", event_ids=event_ids())
    assert listeners.heard("entry") == [seq for seq in places if seq != killer]
    assert Delivery.objects.get(done_at=None).attempts == 3


def test_one_that_fails_among_them_is_a_failure_of_its_own(
    listeners: Listeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choke(event: Occurred) -> None:
        if event.seq == poison:
            raise ValueError("poison")

    listeners.subscribe("entry", doing=choke)
    places = happen(5)
    poison = places[1]
    _told_in_vain()
    assert deliver(queue="feed", event_ids=event_ids()) == (4, 1)
    row = Delivery.objects.get(done_at=None)
    assert (row.attempts, row.error) == (1, "ValueError: poison")


def test_who_took_deliveries_up_runs_these_although_older_ones_have_come(
    listeners: Listeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Letters of what was taken up were opened meanwhile and left it to us; those of the others come yet."""
    monkeypatch.setattr(delivering, "TOGETHER", 3)
    monkeypatch.setattr(delivering, "TOGETHER_SECONDS", 0)

    def one_older_comes(event: Occurred) -> None:
        older = Delivery.objects.filter(event__seq=places[3])
        if event.seq == places[1]:  # the first was taken up alone, this one with those after it
            older.update(due_at=timezone.now() - timedelta(days=1))

    listeners.subscribe("entry", doing=one_older_comes)
    places = happen(4)
    deliver(queue="feed", event_ids=event_ids()[:1])
    assert listeners.heard("entry") == places[:3]
