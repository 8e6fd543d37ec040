"""A hit that is stored while a page is read is on all of the page, or on none of it."""

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from accounts import selectors
from accounts.models import User
from events.boards import boards_for
from events.models import Event, Score
from tests.support.meanwhile import meanwhile
from tests.support.people import make_player

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def score(player: User, points: int) -> None:
    now = timezone.now()
    for board in boards_for("arena", None, now):
        Score.objects.update_or_create(
            board=board, player=player.pk, defaults={"points": points, "entries": 1, "updated_at": now}
        )


def test_the_points_of_a_profile_are_those_of_its_receipts(alice: User, mallory: Client) -> None:
    def hit() -> None:
        now = timezone.now()
        Event.objects.create(
            event_id=uuid.uuid4(),
            type="SHIP_HIT",
            actor=alice.pk,
            points=3,
            data={"victim": None, "victim_name": "Bot", "destroyed": True},
            source="tests",
            occurred_at=now,
            recorded_at=now,
        )
        score(alice, 3)

    with meanwhile(hit, before=Score) as done:
        page = mallory.get(f"/p/{alice.handle}/")
    assert done
    receipts = sum(receipt.points for receipt in page.context["receipts"])
    assert [total.points for total in page.context["totals"] if total.period == "All time"] == (
        [receipts] if receipts else []
    )


def test_no_rank_of_a_leaderboard_is_given_twice(
    alice: User, gus: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gus, below what is shown, overtakes alice after the best were read."""
    monkeypatch.setattr(selectors, "TOP", 1)
    for player, points in ((alice, 20), (gus, 10)):
        score(player, points)
    read = selectors.events.leaderboard

    def overtaken(**given: object) -> object:
        lines = read(**given)  # type: ignore[arg-type]
        with meanwhile(lambda: score(gus, 30), before=Score):
            Score.objects.exists()
        return lines

    monkeypatch.setattr(selectors.events, "leaderboard", overtaken)
    board = selectors.leaderboard(game="arena", period="all", now=timezone.now(), viewer=gus.pk)
    assert board.own is not None
    assert [row.rank for row in (*board.rows, board.own)] == [1, 2]


def test_a_page_within_a_page_is_of_one_moment_too(alice: User) -> None:
    """One look may be part of another."""
    from events.snapshots import snapshot

    with snapshot():
        with snapshot():
            assert User.objects.count() == 1
        with meanwhile(lambda: make_player("Later"), before=User):
            assert User.objects.count() == 1
    assert User.objects.count() == 2
