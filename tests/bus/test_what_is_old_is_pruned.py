"""`manage.py prune`: what is old goes, and nothing happens twice because of it."""

import threading
from datetime import timedelta
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.models import QuerySet
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from events import replaying, retention, tasks
from events.delivering import deliver
from events.models import Delivery, Event, Outbox, Pruning, RefusedEvent
from events.retention import Kind, prune
from events.store import store_payload
from spacegame.celery import app
from tests.bus.listening import Listeners, event_ids, happen
from tests.events.making import hit, payload_of
from tests.support.bus import settle

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

DELIVERIES = "done deliveries"
LONG_AGO = timedelta(days=31)


@pytest.fixture(autouse=True)
def _kept_for_thirty_days(settings: Any) -> None:
    settings.KEEP_DELIVERIES_DAYS = 30


def _age(*seqs: int) -> None:
    """As if these events had come and been done long ago."""
    then = timezone.now() - LONG_AGO
    QuerySet(Event).filter(seq__in=seqs).update(recorded_at=then, occurred_at=then)
    aged = Delivery.objects.filter(event__seq__in=seqs)
    aged.update(created_at=then, due_at=then)
    aged.exclude(done_at=None).update(done_at=then)


def _replay(*arguments: str, since: str = "60d") -> str:
    output = StringIO()
    call_command("replay_events", "--handler", "entry", "--since", since, *arguments, stdout=output)
    settle()
    return output.getvalue()


def _prune(*arguments: str) -> str:
    output = StringIO()
    call_command("prune", *arguments, stdout=output)
    return output.getvalue()


@pytest.fixture
def old_and_new(listeners: Listeners) -> tuple[list[int], list[int]]:
    """Places in the log of events that `entry` heard long ago, and just now."""
    listeners.subscribe("entry")
    old = happen(3)
    settle()
    _age(*old)
    new = happen(2)
    settle()
    return old, new


def test_what_was_done_long_ago_goes_and_all_else_stays(
    listeners: Listeners, old_and_new: tuple[list[int], list[int]]
) -> None:
    new = old_and_new[1]
    dead, owed = happen(2)
    _age(dead, owed)
    Delivery.objects.filter(event__seq=dead).update(failed_at=timezone.now() - LONG_AGO)
    assert "3 would be removed (kept for 30 days: KEEP_DELIVERIES_DAYS)" in _prune("--dry-run")
    assert Delivery.objects.count() == 7
    assert "3 removed (kept for 30 days: KEEP_DELIVERIES_DAYS)" in _prune()
    assert set(Delivery.objects.values_list("event__seq", flat=True)) == {*new, dead, owed}
    assert Event.objects.count() == 7
    note = Pruning.objects.get(kind=DELIVERIES)
    assert note.removed == 3
    assert note.horizon
    assert note.horizon < timezone.now() - timedelta(days=29)
    assert prune()[DELIVERIES] == 0


def test_neither_a_late_message_nor_a_late_copy_of_the_event_is_heard_again(listeners: Listeners) -> None:
    listeners.subscribe("entry")
    payload = payload_of([hit(type="USER_CREATED", data={"guest": True})])
    store_payload(outbox_id=None, payload=payload, now=timezone.now())
    settle()
    places = list(Event.objects.values_list("seq", flat=True))
    _age(*places)
    assert prune()[DELIVERIES] == 1
    assert deliver(queue="feed", event_ids=event_ids()) == (0, 0)
    stored = store_payload(outbox_id=None, payload=payload, now=timezone.now())
    assert (stored.new, stored.told) == (0, [])
    settle()
    assert listeners.heard("entry") == places


def test_a_replay_of_what_nobody_remembers_is_refused_and_says_what_to_do(
    listeners: Listeners, old_and_new: tuple[list[int], list[int]]
) -> None:
    prune()
    for arguments in ([], ["--dry-run"]):
        with pytest.raises(CommandError, match=r"was pruned, .* Say --since .* or --again"):
            _replay(*arguments)
    assert listeners.heard("entry") == sorted([*old_and_new[0], *old_and_new[1]])


def test_a_replay_of_what_is_remembered_knows_what_is_new(
    listeners: Listeners, old_and_new: tuple[list[int], list[int]]
) -> None:
    old, new = old_and_new
    prune()
    assert "0 events are on their way" in _replay(since="1d")
    assert listeners.heard("entry") == old + new


def test_who_says_again_gets_all_of_it(
    listeners: Listeners, old_and_new: tuple[list[int], list[int]]
) -> None:
    old, new = old_and_new
    prune()
    assert "5 events are on their way" in _replay("--again")
    assert listeners.heard("entry") == sorted((old + new) * 2)
    assert prune()[DELIVERIES] == 0


def test_where_nothing_was_pruned_yet_a_replay_may_reach_back_for_ever(
    listeners: Listeners, settings: Any, old_and_new: tuple[list[int], list[int]]
) -> None:
    settings.KEEP_DELIVERIES_DAYS = 0
    assert "kept for ever: KEEP_DELIVERIES_DAYS" in _prune()
    assert "0 events are on their way" in _replay()


def test_a_replay_that_is_overtaken_by_pruning_stops_before_it_repeats_anything(
    listeners: Listeners, monkeypatch: pytest.MonkeyPatch, old_and_new: tuple[list[int], list[int]]
) -> None:
    monkeypatch.setattr(replaying, "CHUNK", 1)
    asked = replaying.Asked(handler="entry", since=timezone.now() - timedelta(days=60))
    with pytest.raises(replaying.CannotReplay, match="was pruned"):
        replaying.replay(asked, progress=lambda done, total: prune() and None)
    settle()
    assert listeners.heard("entry") == sorted([*old_and_new[0], *old_and_new[1]])


def test_one_that_is_stopped_goes_on_and_two_at_once_do_no_harm(
    listeners: Listeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    listeners.subscribe("entry")
    places = happen(9)
    settle()
    _age(*places)
    stopped = prune(seconds=0.0)
    assert stopped.unfinished
    assert sum(stopped.values()) == 0
    removed: list[int] = []

    def work() -> None:
        try:
            removed.append(prune()[DELIVERIES])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(removed) == 9
    assert not Delivery.objects.exists()
    assert Pruning.objects.get(kind=DELIVERIES).removed == 9


def test_a_kind_that_breaks_stops_no_other(
    listeners: Listeners, monkeypatch: pytest.MonkeyPatch, old_and_new: tuple[list[int], list[int]]
) -> None:
    def broken(before: Any) -> Any:
        raise RuntimeError("the bin is full")

    monkeypatch.setattr(retention, "_kinds", {**retention._kinds, "a": Kind(name="a", doomed=broken)})
    with pytest.raises(CommandError, match=r"the log says why: a\."):
        _prune()
    assert Delivery.objects.count() == 2


def test_refused_events_are_forgotten_too(settings: Any) -> None:
    settings.KEEP_REFUSED_DAYS = 10
    now = timezone.now()
    for days in (9, 11):
        RefusedEvent.objects.create(payload={}, reason=f"{days}", refused_at=now - timedelta(days=days))
    assert prune()["refused events"] == 1
    assert RefusedEvent.objects.get().reason == "9"


def test_beat_asks_for_it_every_hour(old_and_new: tuple[list[int], list[int]]) -> None:
    PeriodicTask.objects.create(
        name="forget idle guests", task="x", interval=IntervalSchedule.objects.create(every=1, period="days")
    )
    import_module("events.migrations.0004_pruning").add(apps, None)  # as in a database that is not emptied
    row = PeriodicTask.objects.get(task="events.tasks.prune")
    assert (row.enabled, row.queue, str(row.interval)) == (True, "maintenance", "every hour")
    app.loader.import_default_modules()
    assert row.task in app.tasks
    assert not PeriodicTask.objects.filter(name="forget idle guests").exists()
    tasks.prune()
    assert Delivery.objects.count() == 2
    assert not Outbox.objects.exists()
