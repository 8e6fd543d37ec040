"""When a failed webhook is tried again. Pure."""

from datetime import timedelta

# As Standard Webhooks suggests: at once, then after these; in all three days and 3.6 hours.
PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.1  # of a pause, added at random, so that a receiver that comes back is not met by all at once
# An endpoint that took nothing for so long is disabled.
PATIENCE = timedelta(days=3)


def pause_after(failures: int, *, luck: float) -> timedelta | None:
    """How long to wait after the n-th failure, from 1; None when it was the last. `luck` is from 0 to 1."""
    if failures > len(PAUSES):
        return None
    return PAUSES[failures - 1] * (1 + JITTER * luck)
