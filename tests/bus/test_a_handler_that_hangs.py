"""A handler that hangs is seen, stopped and tried again later; nobody else waits for it."""

import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction

from events import delivering, patience, watching
from events.delivering import deliver
from events.models import Delivery
from events.subscribing import Occurred
from spacegame import health
from tests.bus.listening import Listeners, event_ids, happen
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


LIMIT = 1.0


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Minutes become seconds; sound handlers are still far from the limit on a busy machine."""
    monkeypatch.setattr(delivering, "SHORT_PAUSES", (0, 0))
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(watching, "LATE_SECONDS", 0.05)
    settings.HANDLER_SECONDS = LIMIT


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set when the process would have ended."""
    over = threading.Event()
    monkeypatch.setattr(watching, "end_process", over.set)
    return over


def _spin(event: Occurred) -> None:
    """Python that never ends, and catches what it can."""
    while True:
        try:
            time.sleep(0.005)
        except Exception:
            continue


def test_it_is_stopped_and_the_others_are_heard(listeners: Listeners, ended: threading.Event) -> None:
    listeners.subscribe("a sound one")
    listeners.subscribe("hangs", doing=_spin)
    listeners.subscribe("sound")
    places = happen(2)
    tally = deliver(queue="feed", event_ids=event_ids()[:1])
    assert tally == (4, 2)
    assert listeners.heard("a sound one") == listeners.heard("sound") == places
    assert listeners.heard("hangs") == []
    for row in Delivery.objects.filter(handler="hangs"):
        assert (row.attempts, row.error) == (1, f"TookTooLong: It was still at it after {LIMIT} s.")
    assert not ended.is_set()
    assert not watching._at_work


def test_it_is_seen_while_it_hangs(
    listeners: Listeners, caplog: pytest.LogCaptureFixture, ended: threading.Event
) -> None:
    seen: list[str] = []

    def look_at_oneself(event: Occurred) -> None:
        wait_for(lambda: cache.get(watching.LATE_SIGN))
        seen.append(health.handlers().detail)

    listeners.subscribe("looks", doing=look_at_oneself)
    happen()
    with caplog.at_level(logging.WARNING, logger="events.watching"):
        deliver(queue="feed", event_ids=event_ids())
    assert seen[0].startswith(f"looks of {event_ids()[0]} runs for ")
    assert "look_at_oneself" in caplog.text
    cache.delete(watching.LATE_SIGN)
    assert health.handlers().state == "ok"


def test_where_python_cannot_stop_it_the_process_ends(
    listeners: Listeners, ended: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    listeners.subscribe("deaf", doing=lambda event: ended.wait(60) and None)
    happen()
    deliver(queue="feed", event_ids=event_ids())
    assert ended.is_set()
    assert "deaf of " in caplog.text


@pytest.mark.only_postgresql  # SQLite has one writer, and it hangs
def test_its_failure_is_written_down_before_the_process_ends(ended: threading.Event) -> None:
    notes: list[str] = []
    noted = threading.Event()

    def note(why: str) -> None:
        notes.append(why)
        noted.set()

    def hang() -> None:
        with watching.watched("deaf", "event", note=note):
            noted.wait(60)
            sum(range(100))

    with pytest.raises(watching.TookTooLong):
        hang()
    assert "took its worker down" in notes[0]


def test_without_a_limit_nobody_is_stopped(
    listeners: Listeners, settings: Any, ended: threading.Event
) -> None:
    settings.HANDLER_SECONDS = 0
    listeners.subscribe("slow", doing=lambda event: wait_for(lambda: cache.get(watching.LATE_SIGN)) and None)
    places = happen()
    deliver(queue="feed", event_ids=event_ids())
    assert listeners.heard("slow") == places
    assert not ended.is_set()


def test_a_handler_that_ends_as_its_time_does_leaves_nothing_behind(ended: threading.Event) -> None:
    """The exception may be on its way when the handler returns."""
    for _ in range(200):
        try:
            with watching.watched("quick", "event", note=print):
                (work,) = watching._at_work
                watching._interrupt(work)
        except watching.TookTooLong:
            pass
        sum(range(200))
    assert not watching._at_work


@pytest.fixture
def short_transactions(settings: Any) -> Iterator[None]:
    """This thread's connection is such as a worker's, with a limit of one second."""
    settings.HANDLER_SECONDS = 1
    database = connection.settings_dict
    options = database.setdefault("OPTIONS", {})
    before, pool = options.get("options"), options.pop("pool", None)
    connection.close()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(patience, "SLACK", -700)
        patched.setattr(patience.connections, "settings", {"default": database})
        patience.bound_transactions()
    yield
    connection.close()
    options.pop("options")
    options |= {name: value for name, value in (("options", before), ("pool", pool)) if value is not None}


@pytest.mark.only_postgresql
def test_on_postgresql_a_statement_that_hangs_is_ended(
    listeners: Listeners, short_transactions: None, settings: Any
) -> None:
    def hang(event: Occurred) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")

    settings.HANDLER_SECONDS = 60  # so that only the database's limit is met
    listeners.subscribe("hangs", doing=hang)
    listeners.subscribe("sound")
    places = happen()
    deliver(queue="feed", event_ids=event_ids())
    assert "statement timeout" in Delivery.objects.get(done_at=None).error
    assert listeners.heard("sound") == places


@pytest.mark.only_postgresql
def test_on_postgresql_silence_in_a_transaction_frees_what_was_locked(short_transactions: None) -> None:
    def be_silent() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            time.sleep(0.6)
            cursor.execute("SELECT 1")

    with pytest.raises(DatabaseError, match="idle-in-transaction"):
        be_silent()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
