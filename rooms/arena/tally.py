"""What one round makes of a player: counts for the podium. Points here are the same that the ledger gives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from events.scoring import DESTROYING_HIT_POINTS, HIT_POINTS
from rooms.arena.cast import BotSeat
from rooms.seats import LiveSeat

Pilot = LiveSeat | BotSeat


@dataclass(slots=True)
class Tally:
    """Counts of one player's round. `shots`: those of ships given up before. A streak is ships destroyed
    since the own ship was."""

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


class Scorecard:
    """The tallies of a room. `known`: committed points by user id, which a person's points begin with.

    A person who leaves and comes back goes on where they were; a bot that leaves is forgotten.
    """

    def __init__(self, known: Mapping[int, int]) -> None:
        self._known = known
        self._tallies: dict[int, Tally] = {}

    def of(self, pilot: Pilot) -> Tally:
        key = pilot.user_id if pilot.user_id is not None else -1 - pilot.slot
        if key not in self._tallies:
            self._tallies[key] = Tally(points=self._known.get(key, 0))
        return self._tallies[key]

    def count(self, shooter: Pilot, victim: Pilot, *, destroyed: bool) -> None:
        """A hit."""
        self.of(shooter).scored(destroyed=destroyed)
        if destroyed:
            self.of(victim).died()

    def leave(self, pilot: Pilot, *, shots: int) -> None:
        """The pilot gives the ship up, which had fired so often."""
        if pilot.user_id is None:
            self._tallies.pop(-1 - pilot.slot, None)
        else:
            self.of(pilot).shots += shots

    def clear(self) -> None:
        """A new round."""
        self._tallies.clear()


def podium(standing: Iterable[tuple[Pilot, Tally, int]]) -> dict[str, Any]:
    """Results of a round from (pilot, tally, shots of this ship), best first.

    Equal points: the more kills first, then the better aim.
    """
    rows = [_row(pilot, tally, shots) for pilot, tally, shots in standing]
    return {
        "rows": sorted(rows, key=lambda row: (-row["points"], -row["kills"], -row["accuracy"], row["slot"]))
    }


def _row(pilot: Pilot, tally: Tally, shots: int) -> dict[str, Any]:
    shots += tally.shots
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
