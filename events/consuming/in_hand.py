"""What was fetched and not yet ended, and until when it is ours."""

import threading
import time
from collections.abc import Sequence

from events.consuming.sources import Work

EXTENSIONS = 3  # in the time for which a message is ours: two may fail


class InHand:
    """Safe between threads."""

    def __init__(self) -> None:
        self._until: dict[Work, float] = {}
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return len(self._until)

    def add(self, works: Sequence[Work]) -> None:
        """They were fetched just now."""
        with self._changed:
            self._until |= {work: _from_now(work) for work in works}

    def remove(self, work: Work) -> None:
        """It was ended."""
        with self._changed:
            self._until.pop(work, None)
            self._changed.notify_all()

    def running_out(self) -> list[Work]:
        """What should be extended now."""
        now = time.monotonic()
        with self._changed:
            return [
                work
                for work, until in self._until.items()
                if until - now < work.source.visibility * (1 - 1 / EXTENSIONS)
            ]

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
