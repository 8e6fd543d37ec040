"""One game, its row locked until the transaction ends."""

from typing import Any
from uuid import UUID

from rooms.errors import HostOnly, NoSuchRoom, NotNow
from rooms.models import Room, Status
from rooms.trivia.models import TriviaGame
from rooms.trivia.phases import Rules, State
from rooms.trivia.states import COLUMNS, columns_of

Row = dict[str, Any]


def locked_game(room_id: UUID) -> Row:
    """The game's columns. Answers (which lock its row with others) and sweeps wait, or pass it by."""
    games = TriviaGame.objects.select_for_update(no_key=True).filter(pk=room_id)
    row: Row | None = games.values(*COLUMNS, "deserted").first()
    if row is None:
        raise NoSuchRoom
    return row


def require_host(room_id: UUID, by: int | None, *, allowed: tuple[str, ...] = (Status.IN_PROGRESS,)) -> Room:
    """The room, if `by` hosts it (None: an operator or the system) and its status is one of `allowed`."""
    room = Room.objects.filter(pk=room_id).first()
    if room is None:
        raise NoSuchRoom
    if by is not None and room.host_id != by:
        raise HostOnly
    if room.status not in allowed:
        raise NotNow
    return room


def save(room_id: UUID, state: State, rules: Rules, **fields: Any) -> None:
    """Write the state of a game that the caller has locked."""
    TriviaGame.objects.filter(pk=room_id).update(**columns_of(state, rules), **fields)
