"""A row for each person in a game, and their teams."""

from uuid import UUID

from django.db import transaction

from rooms.models import Seat
from rooms.trivia.errors import NoSeat, NoSuchTeam, TeamsAreSet
from rooms.trivia.models import Phase, Player, TriviaGame
from rooms.trivia.services.advancing import announce
from rooms.trivia.services.locking import locked_game
from rooms.trivia.states import settings_of
from rooms.trivia.teams import TEAMS, assign


def enrol(*, room_id: UUID) -> int:
    """Enter those who sit in the room and are not in the game yet, in the smallest teams; how many.

    Whoever answered before this was done is in it already, and still needs a team.
    """
    with transaction.atomic():
        if not TriviaGame.objects.filter(pk=room_id).exists():
            return 0  # still being prepared
        settings = settings_of(locked_game(room_id))
        players = dict(Player.objects.filter(game_id=room_id).values_list("user_id", "team"))
        seats = Seat.objects.filter(room_id=room_id, slot__isnull=False).order_by("slot")
        seated = list(seats.values_list("user_id", flat=True))
        known = {user for user, team in players.items() if team is not None or not settings.teams}
        new = [user for user in seated if user not in known]
        taken = [team for team in players.values() if team is not None]
        teams = assign(new, taken=taken) if settings.teams else {}
        Player.objects.bulk_create(
            [Player(game_id=room_id, user_id=user, team=teams.get(user)) for user in new],
            update_conflicts=True,
            unique_fields=["game", "user"],
            update_fields=["team"],
        )
        if new:
            announce([room_id])
        return len(new)


def choose_team(*, room_id: UUID, user_id: int, team: int) -> None:
    """Change sides, before the game starts."""
    with transaction.atomic():
        game = locked_game(room_id)
        if not settings_of(game).teams or not 0 <= team < len(TEAMS):
            raise NoSuchTeam
        if game["phase"] != Phase.LOBBY:
            raise TeamsAreSet
        if not Seat.objects.filter(room_id=room_id, user_id=user_id, slot__isnull=False).exists():
            raise NoSeat
        Player.objects.update_or_create(game_id=room_id, user_id=user_id, defaults={"team": team})
        announce([room_id])
