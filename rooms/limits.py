"""How much a socket may send: a token bucket. Pure: the time is an argument."""

from dataclasses import dataclass, field
from enum import Enum


class Verdict(Enum):
    TAKE = "take"
    REFUSE = "refuse"
    FLOOD = "flood"


@dataclass(slots=True)
class TokenBucket:
    """`rate` messages a second are welcome, `burst` at once. `flood` more than that in one go is a flood."""

    rate: float
    burst: float
    flood: float
    tokens: float = field(init=False)
    seen_at: float | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def take(self, now: float) -> Verdict:
        """Count one message at `now` (seconds, any steady clock)."""
        if self.seen_at is not None:
            self.tokens = min(self.burst, self.tokens + (now - self.seen_at) * self.rate)
        self.seen_at = now
        self.tokens -= 1
        if self.tokens >= 0:
            return Verdict.TAKE
        return Verdict.REFUSE if self.tokens > -self.flood else Verdict.FLOOD
