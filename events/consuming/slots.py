"""Places for messages: who listens holds one for each that may come, so no more are fetched than can run."""

import threading
from collections import deque


class Slots:
    """`total` places. Who waits longest is served first, so that no source starves."""

    def __init__(self, total: int) -> None:
        self.total = total
        self._free = total
        self._closed = False
        self._waiting: deque[object] = deque()
        self._changed = threading.Condition()

    @property
    def taken(self) -> int:
        """Places in use."""
        return self.total - self._free

    def take(self, wanted: int) -> int:
        """Wait for a place; gives how many were taken, 1 to `wanted`, or 0 when closed."""
        me = object()
        with self._changed:
            self._waiting.append(me)
            self._changed.wait_for(lambda: self._closed or (self._free and self._waiting[0] is me))
            self._waiting.remove(me)
            taken = 0 if self._closed else min(wanted, self._free)
            self._free -= taken
            self._changed.notify_all()
            return taken

    def give_back(self, count: int) -> None:
        """Free places."""
        with self._changed:
            self._free += count
            self._changed.notify_all()

    def close(self) -> None:
        """Nobody gets a place any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
