"""Who is a player? This app knows ids only; the app that knows people answers, and is asked through here."""

from collections.abc import Callable

PlayerCheck = Callable[[set[int]], set[int]]

REMEMBERED = 100_000

_check: PlayerCheck | None = None
_seen: set[int] = set()


def register_player_check(check: PlayerCheck) -> None:
    """Let `check` say which of the ids it is given are players'. The last one registered is asked."""
    global _check
    _check = check
    forget_players()


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
