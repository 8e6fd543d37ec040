"""The one clock of rooms: what deadlines are reckoned by, here and on the wire."""

import time


def now_ms() -> int:
    """Milliseconds since 1970, as on the wire."""
    return time.time_ns() // 1_000_000
