"""Who is shown an event. Pure: an audience is a name, and each function here says which one, or none.

What happens in a room that is not public is shown to the room itself and to those whom it is about.
"""

from collections.abc import Callable
from uuid import UUID

from events.contracts import RoomChanged, UserCreated
from events.subscribing import Occurred

PUBLIC = "public"

Audience = Callable[[Occurred], str | None]
Who = Callable[[Occurred], int | None]


def page(player: int) -> str:
    """What everybody may see on a player's page."""
    return f"player/{player}"


def eyes(player: int) -> str:
    """What a player alone may see."""
    return f"own/{player}"


def own(player: int) -> tuple[str, str]:
    """All that a player sees of themselves."""
    return page(player), eyes(player)


def room(room_id: UUID) -> str:
    """What those who know a room may see."""
    return f"room/{room_id}"


# --- who is meant -----------------------------------------------------------------------------------


def actor(event: Occurred) -> int | None:
    """Who did it."""
    return event.actor


def winner(event: Occurred) -> int | None:
    """Who came first in a room."""
    return event.data.winner if isinstance(event.data, RoomChanged) else None


def inviter(event: Occurred) -> int | None:
    """Whose invitation brought a new member."""
    return event.data.invited_by if isinstance(event.data, UserCreated) else None


# --- to whom it is shown ----------------------------------------------------------------------------


def everybody(event: Occurred) -> str | None:
    return PUBLIC if is_public(event) else None


def the_room(event: Occurred) -> str | None:
    return room(event.room) if event.room else None


def page_of(who: Who) -> Audience:
    """Their page; if it happened behind a closed door, their own eyes."""

    def audience(event: Occurred) -> str | None:
        player = who(event)
        if player is None:
            return None
        return page(player) if is_public(event) else eyes(player)

    return audience


def eyes_of(who: Who) -> Audience:
    def audience(event: Occurred) -> str | None:
        player = who(event)
        return None if player is None else eyes(player)

    return audience


def is_public(event: Occurred) -> bool:
    """What happened in no room, or in one that says that it is public."""
    if isinstance(event.data, RoomChanged):
        return event.data.visibility == "public"
    return event.room is None
