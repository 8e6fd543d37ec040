"""What apps above this one tell about themselves, so that pages here can name it without importing them."""

from collections.abc import Callable, Iterable
from uuid import UUID

RoomNamer = Callable[[set[UUID]], dict[UUID, str]]

_room_namers: list[RoomNamer] = []
_games: dict[str, str] = {"arena": "Arena"}


def register_room_namer(namer: RoomNamer) -> None:
    """`namer` gets room ids and says how those that it knows are called, such as `ABCDEF · Friday oven`."""
    if namer not in _room_namers:
        _room_namers.append(namer)


def register_game(kind: str, title: str) -> None:
    """Give a kind of game its own leaderboard tab."""
    _games[kind] = title


def games() -> dict[str, str]:
    """Kind to title, in order of registration."""
    return dict(_games)


def room_names(rooms: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of those rooms that anybody knows."""
    wanted = {room for room in rooms if room is not None}
    names: dict[UUID, str] = {}
    if wanted:
        for namer in _room_namers:
            names.update(namer(wanted))
    return names
