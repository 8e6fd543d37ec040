"""Where was it? This app knows rooms' ids only; the app that has rooms says which room a code means."""

from collections.abc import Callable
from uuid import UUID

RoomFinder = Callable[[str], UUID | None]

_find: RoomFinder | None = None


def register_room_finder(find: RoomFinder) -> None:
    """Let `find` say which room a code such as PIZZAS means: the newest that has it."""
    global _find
    _find = find


def room_of(text: str) -> UUID | None:
    """The room of an id or a code; None if nobody knows it."""
    try:
        return UUID(text)
    except ValueError:
        return _find(text.upper()) if _find else None
