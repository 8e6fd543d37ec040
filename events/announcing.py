"""Saying new totals after the commit: to each room its players', to the leaderboards that there are some."""

from collections import defaultdict
from collections.abc import Iterable

from events.live import broadcast, broadcast_at_most

ROOM_PREFIX = "room/"
LEADERBOARD_SECONDS = 1.0


def announce(totals: Iterable[tuple[str, int, int]]) -> None:
    """`totals`: (board, player, points), absolute ones."""
    rooms: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for board, player, points in totals:
        if board.startswith(ROOM_PREFIX):
            rooms[board.removeprefix(ROOM_PREFIX)][str(player)] = points
    for room, players in rooms.items():
        broadcast(f"room.{room}", {"kind": "scores", "players": players})
    if totals:
        broadcast_at_most("leaderboard", {"kind": "scores"}, seconds=LEADERBOARD_SECONDS)
