"""Results: who won, and the podium of a round whose host process did not live to report it."""

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


def winner_of(room: Room) -> dict[str, Any]:
    """Who alone came first, as in `RoomChanged`: `team` or `winner`, and `points`; nothing if nobody did."""
    results = room.results or {}
    first = [line.get("points") for line in (results.get("teams") or results.get("rows", ()))[:2]]
    if len(first) > len(set(first)):
        return {}
    if teams := results.get("teams"):
        best = teams[0]
        return {"team": best["name"], "points": best["points"]} if best["points"] > 0 else {}
    best = next(iter(results.get("rows", ())), None)
    if best is None or best.get("bot") or best.get("points", 0) <= 0:
        return {}
    # Names are unique in a room, and whoever left has no slot any more.
    seat = Seat.objects.filter(room=room, name=best["name"]).first()
    return {"winner": seat.user_id, "points": best["points"]} if seat else {}
