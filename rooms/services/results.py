"""The podium of a round whose host process did not live to report it: what the ledger knows."""

from typing import Any

import events.selectors
from rooms.games import get_game
from rooms.models import Room, Seat


def results_from_ledger(room: Room) -> dict[str, Any]:
    """`{"rows": [...]}`, best first, in the shape of the game's own results."""
    totals = events.selectors.room_totals(room.id)
    seats = Seat.objects.filter(room=room, kicked_at__isnull=True)
    rows: list[dict[str, Any]] = [
        {
            "slot": seat.slot,
            "name": seat.name,
            "colour": seat.colour,
            "mark": seat.mark,
            "bot": False,
            "points": totals.get(seat.user_id, 0),
        }
        for seat in seats.order_by("joined_at")
    ]
    rows.sort(key=lambda row: -row["points"])
    return get_game(room.kind).late_results(rows)
