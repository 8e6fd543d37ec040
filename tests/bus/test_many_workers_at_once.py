"""Threads that open the same letters at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from events.delivering import deliver
from tests.bus.listening import Listeners, event_ids, happen, owed

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def test_each_event_is_heard_once_however_many_workers_open_its_letters(listeners: Listeners) -> None:
    listeners.subscribe("entry")
    listeners.subscribe("board")
    places = happen(30)
    ids = event_ids()

    def work(turn: int) -> int:
        try:
            return sum(deliver(queue="feed", event_ids=[ids[(n * turn) % 30]]).done for n in range(30))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        done = sum(pool.map(work, (1, 7, 11, 13)))
    done += deliver(queue="feed", event_ids=ids).done
    assert listeners.heard("entry") == listeners.heard("board") == places
    assert owed() == 0
    assert done == 60
