"""The committed points of a hosted room's players, and telling them at a pace."""

from collections.abc import Callable, Iterable, Mapping

from rooms.pace import Pace
from rooms.seats import LiveSeat

# Between two tellings: a room's texts must stay few beside its snapshots, whatever its size.
SECONDS = 0.025
SECONDS_A_SOCKET = 0.003


class Scoreboard:
    """`points`: committed totals by user id, of all who scored here. `scores`: those of the seated, by slot.

    `tell` gets the changed scores, at once or a little later; `audience` says how many sockets hear it.
    `heard` counts the messages about totals.
    """

    def __init__(self, *, tell: Callable[[dict[int, int]], None], audience: Callable[[], int]) -> None:
        self.points: dict[int, int] = {}
        self.scores: dict[int, int] = {}
        self.heard = 0
        self._tell = tell
        self._untold: set[int] = set()
        self._pace = Pace(self.flush, pause=lambda: max(SECONDS, SECONDS_A_SOCKET * audience()))

    def lowers(self, points: Mapping[int, int]) -> bool:
        """Whether some total is less than what is known: a message that was overtaken, most likely."""
        return any(total < self.points.get(user_id, total) for user_id, total in points.items())

    def follow(self, seats: Iterable[LiveSeat], points: Mapping[int, int] | None = None) -> None:
        """Take over who sits where, and new totals if there are some."""
        self.points.update(points or {})
        scores = {seat.slot: self.points[seat.user_id] for seat in seats if seat.user_id in self.points}
        self._untold |= {slot for slot, total in scores.items() if self.scores.get(slot) != total}
        self.scores = scores
        if self._untold:
            self._pace.ask()

    def forget(self, slot: int) -> None:
        """The seat was given up; whoever takes it next begins with their own points."""
        self.scores.pop(slot, None)

    def flush(self) -> None:
        """Tell now what is still untold."""
        untold, self._untold = self._untold, set()
        if changed := {slot: self.scores[slot] for slot in sorted(untold) if slot in self.scores}:
            self._tell(changed)

    def stop(self) -> None:
        """Nobody is to be told any more."""
        self._pace.stop()
