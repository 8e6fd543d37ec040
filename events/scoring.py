"""What an event is worth. Pure: the same event gives the same points for ever, so a replay agrees."""

from collections.abc import Callable
from typing import Any

from events.contracts import Contract, ShipHit

HIT_POINTS = 1
DESTROYING_HIT_POINTS = 3


def _ship_hit(data: ShipHit) -> int:
    return DESTROYING_HIT_POINTS if data.destroyed else HIT_POINTS


# Type of event: (the game on whose boards it counts, its rule). A type that is not here scores nothing.
RULES: dict[str, tuple[str, Callable[[Any], int]]] = {"SHIP_HIT": ("arena", _ship_hit)}


def points_for(type: str, data: Contract) -> int:
    """The points that an event of `type` gives its actor; 0 for a type that does not score."""
    return RULES[type][1](data) if type in RULES else 0


def game_of(type: str) -> str:
    """The game whose boards an event of a scoring type counts on."""
    return RULES[type][0]
