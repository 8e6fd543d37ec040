"""What new rows of the log add to the scores. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from events.boards import boards_on, day_of
from events.dialects import ScoreRow
from events.judging import Believed
from events.scoring import game_of

_Where = tuple[date, str, UUID | None, int]  # day, game, room, player


def increments_of(new: Iterable[Believed]) -> list[ScoreRow]:
    """What the new rows add, in the order of the key."""
    sums: dict[tuple[str, int], ScoreRow] = {}
    for (day, game, room, player), (points, entries) in _gains(new).items():
        for board in boards_on(day, game, room):
            row = sums.setdefault((board, player), ScoreRow(board, player, 0, 0))
            row.points += points
            row.entries += entries
    return [sums[key] for key in sorted(sums)]


def _gains(new: Iterable[Believed]) -> dict[_Where, list[int]]:
    """Points and entries, added up before any board is looked for: a batch has many hits of few players."""
    gains: defaultdict[_Where, list[int]] = defaultdict(lambda: [0, 0])
    for event, points in new:
        if points and event.actor is not None:
            gain = gains[day_of(event.occurred_at), game_of(event.type), event.room, event.actor]
            gain[0] += points
            gain[1] += 1
    return gains
