"""Every score is the fold of the log; one command says whether that is so."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from events.models import AppendOnly, Event, Score
from tests.events.making import ALICE, BOB, hit, scores, store

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _some_hits() -> None:
    store([hit(), hit(destroyed=True), hit(actor=BOB, victim=ALICE)])


def _verify() -> str:
    errors = StringIO()
    call_command("rebuild_scores", "--verify", stdout=StringIO(), stderr=errors)
    return errors.getvalue()


def _differences() -> str:
    errors = StringIO()
    with pytest.raises(CommandError) as raised:
        call_command("rebuild_scores", "--verify", stdout=StringIO(), stderr=errors)
    assert raised.value.returncode == 1
    return errors.getvalue()


def _tamper(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_honest_scores_verify() -> None:
    assert _verify() == ""


def test_a_changed_score_is_named() -> None:
    Score.objects.filter(board="arena/all", player=ALICE).update(points=1000)
    assert (
        f"arena/all, player {ALICE}: stored 1000 points of 2 entries, the log gives 4 of 2" in _differences()
    )


def test_a_missing_score_is_named() -> None:
    Score.objects.filter(board="arena/all", player=BOB).delete()
    assert f"arena/all, player {BOB}: stored 0 points" in _differences()


def test_an_invented_score_is_named() -> None:
    now = Score.objects.first().updated_at
    Score.objects.create(board="arena/all", player=77, points=5, entries=1, updated_at=now)
    assert "arena/all, player 77: stored 5 points" in _differences()


def test_changed_points_in_the_log_are_named() -> None:
    event = Event.objects.filter(actor=BOB).get()
    _tamper(f"UPDATE events_event SET points = 50 WHERE seq = {event.seq}")
    assert (
        f"event {event.event_id} (seq {event.seq}): the log has 50 points, the rules give 1" in _differences()
    )


def test_a_rebuild_puts_everything_right() -> None:
    honest = scores()
    Score.objects.filter(player=ALICE).update(points=1000)
    Score.objects.filter(player=BOB).delete()
    call_command("rebuild_scores", stdout=StringIO())
    assert scores() == honest
    assert _verify() == ""


def test_the_log_can_be_neither_changed_nor_deleted() -> None:
    event = Event.objects.first()
    for forbidden in (
        event.save,
        event.delete,
        Event.objects.all().delete,
        Event.objects.filter(pk=1).delete,
    ):
        with pytest.raises(AppendOnly):
            forbidden()
    with pytest.raises(AppendOnly):
        Event.objects.update(points=1_000_000)
    assert Event.objects.count() == 3
