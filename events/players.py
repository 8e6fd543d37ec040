"""Who is a player? This app knows ids only; the app that knows people answers, and is asked through here."""

from collections.abc import Callable, Collection
from typing import NamedTuple


class Player(NamedTuple):
    """A player as others see them; `handle` is the page's. One who is `banned` is not shown."""

    id: int
    name: str
    handle: str = ""
    colour: int = 0
    mark: int = 0
    banned: bool = False


PlayerKey = int | str  # an id, or the handle of a player's page
PlayerCheck = Callable[[set[int]], set[int]]
PlayerFinder = Callable[[Collection[PlayerKey]], dict[PlayerKey, Player]]

REMEMBERED = 100_000

_check: PlayerCheck | None = None
_find: PlayerFinder | None = None
_seen: set[int] = set()


def register_player_check(check: PlayerCheck) -> None:
    """Let `check` say which of the ids it is given are players'. The last one registered is asked."""
    global _check
    _check = check
    forget_players()


def register_player_finder(find: PlayerFinder) -> None:
    """Let `find` say who the players of these ids and handles are. The last one registered is asked."""
    global _find
    _find = find


def find_players(keys: Collection[PlayerKey]) -> dict[PlayerKey, Player]:
    """Those of `keys` that are players, in one query; nobody without a registered finder."""
    return _find(keys) if _find and keys else {}


def forget_players() -> None:
    """Ask again for everybody: ids found once are remembered, because players are banned, not deleted."""
    _seen.clear()


def known_players(ids: set[int]) -> set[int]:
    """Those of `ids` that are players. One query at most; without a registered check everybody is known."""
    if _check is None:
        return set(ids)
    if strangers := ids - _seen:
        if len(_seen) > REMEMBERED:
            _seen.clear()
        _seen.update(_check(strangers))
    return ids & _seen
