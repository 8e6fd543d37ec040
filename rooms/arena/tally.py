"""What one round makes of a player: counts for the podium. Points here are the same that the ledger gives."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from events.scoring import DESTROYING_HIT_POINTS, HIT_POINTS
from rooms.arena.cast import BotSeat
from rooms.live import LiveSeat

Pilot = LiveSeat | BotSeat


@dataclass(slots=True)
class Tally:
    """Counts of one player's round. A streak is ships destroyed since the own ship was."""

    points: int = 0
    hits: int = 0
    kills: int = 0
    deaths: int = 0
    shots: int = 0
    streak: int = 0
    best_streak: int = 0

    def scored(self, *, destroyed: bool) -> None:
        """An olive of this player took hull."""
        self.hits += 1
        self.points += DESTROYING_HIT_POINTS if destroyed else HIT_POINTS
        if destroyed:
            self.kills += 1
            self.streak += 1
            self.best_streak = max(self.best_streak, self.streak)

    def died(self) -> None:
        self.deaths += 1
        self.streak = 0


def podium(standing: Iterable[tuple[Pilot, Tally, int]]) -> dict[str, Any]:
    """Results of a round from (pilot, tally, shots), best first; equal points: kills, then accuracy."""
    rows = [_row(pilot, tally, shots) for pilot, tally, shots in standing]
    return {
        "rows": sorted(rows, key=lambda row: (-row["points"], -row["kills"], -row["accuracy"], row["slot"]))
    }


def _row(pilot: Pilot, tally: Tally, shots: int) -> dict[str, Any]:
    return {
        "slot": pilot.slot,
        "name": pilot.name,
        "colour": pilot.colour,
        "mark": pilot.mark,
        "bot": pilot.user_id is None,
        "points": tally.points,
        "hits": tally.hits,
        "kills": tally.kills,
        "deaths": tally.deaths,
        "shots": shots,
        "accuracy": min(1000, tally.hits * 1000 // shots) if shots else 0,
        "best_streak": tally.best_streak,
    }
