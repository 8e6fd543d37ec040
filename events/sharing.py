"""Word to the other workers of a queue: this is more than one of us should do."""

import logging
import time
from collections.abc import Sequence

from events.models import Delivery
from events.transports import get_transport

logger = logging.getLogger(__name__)

SHARES = 8  # messages; who opens one shares it again if it is still too much
PAUSE_SECONDS = 30.0  # without asking a broker that failed again: each time may take as long as its timeouts

_alone_until = 0.0  # monotonic


def share(queue: str, deliveries: Sequence[Delivery], *, until: float) -> bool:
    """Once `until` (monotonic) has passed, send word of these again, in a few messages, and leave them.

    False if it is not time, if nothing is left, or if the broker is away: then nobody else comes.
    """
    global _alone_until
    event_ids = list(dict.fromkeys(delivery.event_id for delivery in deliveries))
    if not event_ids or time.monotonic() < max(until, _alone_until):
        return False
    try:
        for start in range(min(SHARES, len(event_ids))):
            get_transport().remind(queue, event_ids[start::SHARES])
    except Exception as error:
        _alone_until = time.monotonic() + PAUSE_SECONDS
        logger.warning("Nobody can be asked to help with %d on %s: %s", len(event_ids), queue, error)
        return False
    return True
