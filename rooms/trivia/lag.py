"""How long a player's answers are on their way, as the server measures it. Pure; times in ms."""

from collections import OrderedDict, deque

KEPT = 8  # round trips; the shortest counts, so that a slow moment gives no credit
OPEN = 16  # probes that wait for their echo
FIRST = 4  # probes that a new socket gets at once
MOST_CREDIT = 250


class Lag:
    """One socket's probes. An echo that is held back gains its player at most `MOST_CREDIT`."""

    def __init__(self) -> None:
        self._sent: OrderedDict[int, float] = OrderedDict()
        self._trips: deque[float] = deque(maxlen=KEPT)
        self._number = 0

    def probe(self, *, now: float) -> int:
        """The number of a probe that is sent now."""
        self._number += 1
        self._sent[self._number] = now
        while len(self._sent) > OPEN:
            self._sent.popitem(last=False)
        return self._number

    def echo(self, number: int, *, now: float) -> None:
        """A probe came back. One that nobody sent, or that came back before, says nothing."""
        if (sent := self._sent.pop(number, None)) is not None:
            self._trips.append(now - sent)

    @property
    def is_new(self) -> bool:
        """Whether more probes are wanted soon."""
        return self._number < FIRST

    @property
    def credit(self) -> int:
        """Half of the shortest round trip of late, in ms."""
        return min(MOST_CREDIT, round(min(self._trips) / 2)) if self._trips else 0
