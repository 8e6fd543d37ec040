"""When a failed webhook is tried again. Pure."""

from datetime import timedelta
from email.utils import parsedate_to_datetime

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
MOST_ASKED = 3600  # seconds of a Retry-After that are granted: our own pauses are longer soon enough
# An endpoint that took nothing for so long is disabled.
PATIENCE = timedelta(days=3)


def pause_after(failures: int, *, luck: float) -> timedelta | None:
    """How long to wait after the n-th failure, from 1; None when it was the last. `luck` is from 0 to 1."""
    if failures > len(PAUSES):
        return None
    return PAUSES[failures - 1] * (1 + JITTER * luck)


def retry_after_in(text: str, *, now: float) -> int:
    """The seconds that a `Retry-After` asks for, as a number or a date, up to `MOST_ASKED`; else 0."""
    text = text.strip()
    if text.isdecimal() and text.isascii():
        return min(int(text[:9]), MOST_ASKED)
    try:
        asked = parsedate_to_datetime(text).timestamp() - now
    except (ValueError, OverflowError):
        return 0
    return min(max(round(asked), 0), MOST_ASKED)
