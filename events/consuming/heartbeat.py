"""The sign that a consumer works: the time, in seconds since 1970, where `/readyz` looks for it.

Who runs handlers and who takes other servers' jobs are often different processes, so each has its own sign.
"""

import time
from collections.abc import Callable, Sequence

from django.core.cache import cache

EVENTS_SEEN = "consumer:seen"
INGEST_SEEN = "ingest:seen"
SEEN_SECONDS = 60


def alive(signs: Sequence[str]) -> Callable[[], None]:
    """Leaves these signs when called. A cache that is away keeps nobody from working."""

    def leave() -> None:
        for sign in signs:
            cache.set(sign, time.time(), timeout=SEEN_SECONDS)

    return leave
