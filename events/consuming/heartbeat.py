"""The sign that a consumer works: the time, in seconds since 1970, where `/readyz` looks for it."""

import time

from django.core.cache import cache

CONSUMER_SEEN = "consumer:seen"
SEEN_SECONDS = 60


def consumer_is_alive() -> None:
    """Leave the sign. A cache that is away keeps nobody from working."""
    cache.set(CONSUMER_SEEN, time.time(), timeout=SEEN_SECONDS)
