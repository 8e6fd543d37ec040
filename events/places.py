"""Where was it? This app knows rooms' ids only; the app that has rooms says what they mean."""

from collections.abc import Callable, Collection
from uuid import UUID

RoomFinder = Callable[[str], UUID | None]
RoomLocator = Callable[[Collection[UUID]], dict[UUID, str]]

_find: RoomFinder | None = None
_locate: RoomLocator | None = None


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


def register_room_locator(locate: RoomLocator) -> None:
    """Let `locate` say where those of these rooms are that can be entered now: `/r/PIZZAS/`."""
    global _locate
    _locate = locate


def addresses_of(rooms: Collection[UUID]) -> dict[UUID, str]:
    """The addresses of those rooms that can be entered now, in one query."""
    return _locate(rooms) if _locate and rooms else {}
