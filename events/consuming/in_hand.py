"""What was fetched and not yet ended, and until when it is ours.

Not for ever: what hangs is let go at last, so that it comes again to somebody else.
"""

import logging
import threading
import time
from collections.abc import Sequence

from django.conf import settings

from events.consuming.sources import Work

logger = logging.getLogger(__name__)

EXTENSIONS = 3  # in the time for which a message is ours: two may fail


class InHand:
    """Safe between threads."""

    def __init__(self) -> None:
        self._until: dict[Work, float] = {}
        self._since: dict[Work, float] = {}
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return len(self._until)

    def add(self, works: Sequence[Work]) -> None:
        """They were fetched just now."""
        with self._changed:
            self._until |= {work: _from_now(work) for work in works}
            self._since |= dict.fromkeys(works, time.monotonic())

    def remove(self, work: Work) -> None:
        """It was ended."""
        with self._changed:
            self._until.pop(work, None)
            self._since.pop(work, None)
            self._changed.notify_all()

    def running_out(self) -> list[Work]:
        """What should be extended now. What has been in hand for `CONSUME_SECONDS` is not, any more."""
        now = time.monotonic()
        with self._changed:
            self._let_go(now)
            return [
                work
                for work, until in self._until.items()
                if work in self._since and until - now < work.source.visibility * (1 - 1 / EXTENSIONS)
            ]

    def _let_go(self, now: float) -> None:
        longest = settings.CONSUME_SECONDS
        for work, since in list(self._since.items()):
            if longest and now - since >= longest:
                logger.warning("In work for %d s, so another may get it too: %s", now - since, work)
                del self._since[work]

    def extended(self, work: Work) -> None:
        """It is ours for longer."""
        with self._changed:
            if work in self._until:
                self._until[work] = _from_now(work)

    def wait_until_empty(self, seconds: float) -> list[Work]:
        """What is left after `seconds`, or as soon as nothing is."""
        with self._changed:
            self._changed.wait_for(lambda: not self._until, seconds)
            return list(self._until)


def _from_now(work: Work) -> float:
    return time.monotonic() + work.source.visibility
