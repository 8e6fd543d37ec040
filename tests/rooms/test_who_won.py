"""What a room's last event says of who came first."""

from typing import Any

import pytest

from accounts.models import User
from events.models import Event
from rooms import services
from rooms.models import Room
from tests.support.bus import settle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def said(room: Room, results: dict[str, Any]) -> dict[str, Any]:
    """The end of a round with these results, as the log has it."""
    services.start(room_id=room.id, by=room.host_id)
    services.complete(room_id=room.id, results=results)
    settle()
    data = Event.objects.get(type="ROOM_COMPLETED").data
    return {name: data[name] for name in ("winner", "team", "points", "visibility")}


def row(name: str, points: int, *, bot: bool = False) -> dict[str, Any]:
    return {"slot": None, "name": name, "points": points, "bot": bot}


@pytest.fixture
def seated(room: Room, alice: User, bob: User) -> Room:
    """Alice and Bob sit down; Bob leaves before the end."""
    services.take_seat(room_id=room.id, user=alice)
    services.take_seat(room_id=room.id, user=bob)
    services.leave_everywhere(user_id=bob.pk)
    return room


def test_the_first_of_the_podium_even_if_they_left(seated: Room, bob: User) -> None:
    results = {"rows": [row("Bob", 12), row("Alice", 3)]}
    assert said(seated, results) == {"winner": bob.pk, "team": "", "points": 12, "visibility": "public"}


def test_two_teams_that_are_even_share_it(seated: Room) -> None:
    teams = [{"team": team, "name": name, "points": 7} for team, name in enumerate(("Tomato", "Basil"))]
    assert said(seated, {"rows": [row("Bob", 12)], "teams": teams})["team"] == ""


def test_a_team_wins_together(seated: Room) -> None:
    results = {"rows": [row("Bob", 12)], "teams": [{"team": 2, "name": "Basil", "points": 7, "members": 2}]}
    assert said(seated, results) == {"winner": None, "team": "Basil", "points": 7, "visibility": "public"}


@pytest.mark.parametrize(
    "results",
    [
        {"rows": []},
        {"rows": [row("Bob", 0)]},
        {"rows": [row("Toasty", 9, bot=True), row("Bob", 2)]},
        {"rows": [], "teams": [{"team": 1, "name": "Olive", "points": 0, "members": 1}]},
        {"rows": [{"slot": 0}]},
        {"rows": [row("Alice", 7), row("Bob", 7), row("Charlie", 2)]},
    ],
    ids=["nobody", "no points", "a bot", "a team without points", "a game that says nothing", "two did"],
)
def test_nobody_if_nobody_did(seated: Room, results: dict[str, Any]) -> None:
    assert said(seated, results)["winner"] is None
