"""How a game starts and ends with its room."""

from typing import Any
from uuid import UUID

from rooms.clock import now_ms
from rooms.models import Room, Seat, Status
from rooms.trivia import phases
from rooms.trivia.errors import NoPlayers
from rooms.trivia.models import Player, TriviaGame
from rooms.trivia.services.advancing import announce
from rooms.trivia.services.enrolling import enrol
from rooms.trivia.services.locking import locked_game, save
from rooms.trivia.services.preparing import deal_again
from rooms.trivia.states import rules_in, settings_of, state_of
from rooms.trivia.teams import team_lines


def begin(room: Room) -> None:
    """Get ready, with questions that are new to those who are here. In the transaction in which the room
    starts; refused without players."""
    row = locked_game(room.pk)
    if not Seat.objects.filter(room=room, slot__isnull=False).exists():
        raise NoPlayers
    enrol(room_id=room.pk)
    deal_again(room)
    settings = settings_of(row)
    if not settings.late_joining:
        Room.objects.filter(pk=room.pk).update(locked=True)
    save(room.pk, phases.begin(state_of(row), now=now_ms()), rules_in(row))
    announce([room.pk])


def end(room: Room) -> dict[str, Any] | None:
    """Over, in the transaction in which the room ends. Gives the podium if it was played."""
    if not TriviaGame.objects.filter(pk=room.pk).exists():
        return {"rows": []}
    row = locked_game(room.pk)
    save(room.pk, phases.finish(state_of(row)), rules_in(row), deserted=False)
    announce([room.pk])
    return podium(room.pk) if room.status == Status.COMPLETED else None


def podium(room_id: UUID) -> dict[str, Any]:
    """`{"rows": [...], "teams": [...] or None}`, best first: who sits there, and who left with points."""
    players = {player.user_id: player for player in Player.objects.filter(game_id=room_id)}
    rows = []
    for seat in Seat.objects.filter(room_id=room_id, kicked_at=None).order_by("joined_at"):
        player = players.get(seat.user_id)
        if seat.slot is not None or (player is not None and player.answered):
            rows.append(_row(seat, player or Player(game_id=room_id, user_id=seat.user_id)))
    rows.sort(key=lambda row: (-row["points"], -row["right"], row["name"]))
    is_in_teams = settings_of(TriviaGame.objects.values("options").get(pk=room_id)).teams
    return {"rows": rows, "teams": team_lines(rows) if is_in_teams else None}


def _row(seat: Seat, player: Player) -> dict[str, Any]:
    return {
        "slot": seat.slot,
        "name": seat.name,
        "colour": seat.colour,
        "mark": seat.mark,
        "points": player.points,
        "right": player.right,
        "answered": player.answered,
        "best_streak": player.best_streak,
        "fastest_ms": player.fastest,
        "team": player.team,
    }
