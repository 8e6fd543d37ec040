"""A planted demo is like one that was played: it verifies, and planting it again changes nothing."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from accounts.models import User
from events.models import Event, RefusedEvent, Score
from rooms.models import Room, Seat, Status
from spacegame.planting import plant
from spacegame.seeding import make_plan

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def seed(**sizes: int) -> str:
    out = StringIO()
    call_command("seed_games", stdout=out, **{"players": 12, "rooms": 4, "events": 400} | sizes)
    return out.getvalue()


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (User, Room, Seat, Event, Score)}


def test_the_scores_of_a_demo_verify() -> None:
    seed()
    assert Event.objects.filter(type="SHIP_HIT").count() == 400
    assert RefusedEvent.objects.count() == 0
    call_command("rebuild_scores", "--verify", stdout=StringIO())


def test_seeding_twice_is_seeding_once() -> None:
    assert "12 players, 4 rooms" in seed()
    before = counts()
    assert "nothing to add" in seed()
    assert counts() == before


def test_a_seed_that_was_interrupted_is_finished_by_the_next() -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    now = timezone.now()
    plan = make_plan(players=12, rooms=4, events=1200, seed=1, now=now)
    with pytest.raises(KeyboardInterrupt):
        plant(plan, now=now, progress=interrupt)
    assert 0 < Event.objects.count() < 1200
    seed(events=1200)
    assert Event.objects.filter(type="SHIP_HIT").count() == 1200
    call_command("rebuild_scores", "--verify", stdout=StringIO())


def test_other_arguments_add_to_what_is_there() -> None:
    seed()
    seed(seed=2)
    assert User.objects.count() == 24
    assert Event.objects.filter(type="SHIP_HIT").count() == 800
    call_command("rebuild_scores", "--verify", stdout=StringIO())


def test_there_are_open_rooms_to_join_and_finished_ones_with_a_podium() -> None:
    seed()
    assert Room.objects.filter(status=Status.IN_PROGRESS).count() == 1
    for room in Room.objects.filter(status=Status.COMPLETED):
        best = room.results["rows"][0]
        assert best["points"] == max(row["points"] for row in room.results["rows"])


def test_the_podium_of_a_finished_room_agrees_with_its_board() -> None:
    seed()
    for room in Room.objects.filter(status=Status.COMPLETED):
        board = {
            User.objects.get(pk=score.player).name: score.points
            for score in Score.objects.filter(board=f"room/{room.pk}")
        }
        podium = {row["name"]: row["points"] for row in room.results["rows"] if not row["bot"]}
        assert board == {name: points for name, points in podium.items() if points}


def test_the_log_is_told_in_order_of_time() -> None:
    seed()
    told = list(Event.objects.order_by("seq").values_list("occurred_at", flat=True))
    assert told == sorted(told)


def test_the_plan_names_everybody_that_is_planted() -> None:
    seed()
    plan = make_plan(players=12, rooms=4, events=400, seed=1, now=timezone.now())
    assert set(User.objects.values_list("name", flat=True)) == {player.name for player in plan.players}


@pytest.mark.parametrize("argument", ["--players=1", "--events=-1", "--rooms=many", "--seed=x"])
def test_a_wrong_number_is_refused_with_what_would_do(argument: str) -> None:
    with pytest.raises(CommandError, match="a whole number from"):
        call_command("seed_games", argument)
