"""Where somebody who just wants to play goes."""

from django.db import transaction

from accounts.models import User
from rooms import selectors
from rooms.errors import RoomError
from rooms.games import all_games, get_game
from rooms.models import Room, Visibility
from rooms.services.creating import create_room, settings_as_json
from rooms.services.seating import reserve_seat

TRIES = 5


def quick_play(*, user: User, kind: str | None = None) -> Room:
    """The best public room with a free slot, or a new endless one. A seat is reserved in it."""
    kind = kind or default_kind()
    for room in selectors.quick_rooms(kind=kind)[:TRIES]:
        try:
            reserve_seat(room_id=room.id, user=user)
            return room
        except RoomError:
            continue  # filled, locked or ended meanwhile, or this player was kicked from it
    room = open_kitchen(kind=kind)
    reserve_seat(room_id=room.id, user=user)
    return room


def exhibition_room(*, kind: str | None = None) -> Room:
    """The room that the home page shows: public, endless, with bots. It is opened when there is none."""
    kind = kind or default_kind()
    return selectors.exhibition_room(kind=kind) or open_kitchen(kind=kind)


def open_kitchen(*, kind: str) -> Room:
    """A room without a host that plays for ever."""
    settings = settings_as_json(get_game(kind).quick_settings())
    with transaction.atomic():
        return create_room(
            kind=kind, settings=settings, host=None, visibility=Visibility.PUBLIC, running=True
        )


def default_kind() -> str:
    """The first game that was registered."""
    return all_games()[0].kind
