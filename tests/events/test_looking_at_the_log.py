"""`manage.py events` reads the log as tail reads a file; `event_routes` says who hears what."""

import json
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet
from django.utils import timezone

from events import places, players, tailing
from events.models import Event
from events.tailing import Wanted, follow
from tests.events.making import ALICE, BOB, ROOM, hit, store

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def _shown(*arguments: str) -> list[str]:
    output = StringIO()
    call_command("events", *arguments, stdout=output)
    return output.getvalue().splitlines()


def _log(count: int, **fields: Any) -> None:
    store([hit(**fields) for _ in range(count)])


def test_the_last_ones_are_shown_oldest_first() -> None:
    _log(25)
    assert len(_shown()) == 20
    lines = _shown("--last", "3", "--json")
    seqs = [json.loads(line)["seq"] for line in lines]
    assert seqs == sorted(seqs)
    assert seqs[-1] == Event.objects.latest("seq").seq


def test_a_line_says_when_what_who_and_where() -> None:
    _log(1)
    (line,) = _shown()
    assert f"actor={ALICE} room={ROOM} points=1" in line
    assert "SHIP_HIT" in line
    assert "Crispy Olive" in line


def test_players_and_rooms_are_found_by_id_handle_and_code(monkeypatch: pytest.MonkeyPatch) -> None:
    other = UUID(int=8)
    _log(1)
    _log(2, actor=BOB, victim=ALICE, room=other)
    monkeypatch.setattr(players, "_find", lambda keys: {"bob": players.Player(BOB, "Bob")})
    monkeypatch.setattr(places, "_find", lambda code: other if code == "PIZZAS" else None)
    assert len(_shown("--actor", str(ALICE))) == 1
    assert len(_shown("--actor", "bob")) == len(_shown("--room", "pizzas")) == 2
    assert len(_shown("--room", str(ROOM))) == 1
    assert len(_shown("--room", str(ROOM), "--actor", "bob")) == 0
    with pytest.raises(CommandError, match="Nobody has the handle"):
        _shown("--actor", "mallory")
    with pytest.raises(CommandError, match="No room has the code"):
        _shown("--room", "NOROOM")


def test_since_leaves_out_what_was_before() -> None:
    now = timezone.now()
    for minutes in (90, 60, 5):
        Event.objects.create(
            event_id=hit().event_id,
            type="USER_CREATED",
            source="t",
            occurred_at=now,
            recorded_at=now - timedelta(minutes=minutes),
        )
    assert len(_shown("--since", "10m")) == 1
    assert len(_shown("--since", "2h", "--type", "user_created")) == 3
    assert len(_shown("--since", (now - timedelta(minutes=61)).isoformat())) == 2
    assert len(_shown("--since", "2h", "--type", "SHIP_HIT")) == 0


def test_who_follows_sees_each_that_comes_once_even_one_that_was_overtaken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _log(2)
    newest = Event.objects.latest("seq").seq
    comes = iter([[newest + 5], [newest + 2, newest + 6], []])

    def wait(seconds: float) -> None:
        for seq in next(comes):
            now = timezone.now()
            Event.objects.create(
                seq=seq,
                event_id=hit().event_id,
                type="USER_CREATED",
                source="t",
                occurred_at=now,
                recorded_at=now,
            )

    monkeypatch.setattr(tailing.time, "sleep", wait)
    tail = follow(Wanted(), after=newest, seen=set())
    assert [next(tail).seq for _ in range(3)] == [newest + 5, newest + 2, newest + 6]
    with pytest.raises(RuntimeError):  # StopIteration of what comes
        next(tail)


@pytest.mark.parametrize("nonsense", ["soon", "999999w", "2026-13-01"])
def test_a_moment_that_is_none_is_refused_with_a_hint(nonsense: str) -> None:
    with pytest.raises(CommandError, match="neither such as 10m, 2h or 3d nor a date and time"):
        _shown("--since", nonsense)


def test_who_follows_is_still_there_when_the_database_is_back(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _log(1)
    newest = Event.objects.latest("seq").seq
    _log(1)
    outages = [OperationalError("the connection is lost"), InterfaceError("it is closed")]

    def matching(wanted: Wanted) -> QuerySet[Event]:
        if outages:
            raise outages.pop()
        return Event.objects.order_by("seq")

    monkeypatch.setattr(tailing, "matching", matching)
    monkeypatch.setattr(tailing, "POLL_SECONDS", 0)
    monkeypatch.setattr(tailing, "connection", SimpleNamespace(close=lambda: None))
    assert next(follow(Wanted(), after=newest, seen=set())).seq > newest
    assert caplog.text.count("The database is away") == 1
