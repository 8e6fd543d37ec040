"""What a room is about to show, in order: nothing that shows a hit leaves before the hit is safe."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

MOST_HELD = 120


class _Entry(NamedTuple):
    waits: Sequence["asyncio.Future[None]"]
    show: Callable[[], None]
    droppable: bool


class Showing:
    """A first-in-first-out queue of things to show, each behind the futures that it waits for.

    While storage is slow the queue grows; over 120 (6 s of snapshots) those that show no hit are left out,
    since a newer one says the same.
    """

    def __init__(self) -> None:
        self._held: deque[_Entry] = deque()

    def __len__(self) -> int:
        return len(self._held)

    def push(
        self,
        show: Callable[[], None],
        *,
        waits: Sequence["asyncio.Future[None]"] = (),
        droppable: bool = False,
    ) -> None:
        """Show now if nothing is waited for, else when all before it is shown and `waits` are done."""
        waits = [future for future in waits if not future.done()]
        if not waits and not self._held:
            show()
            return
        self._held.append(_Entry(waits, show, droppable and not waits))
        for future in waits:
            future.add_done_callback(self._flush)
        if len(self._held) > MOST_HELD:
            self._held = deque(entry for entry in self._held if not entry.droppable)

    def clear(self) -> None:
        """Show nothing more."""
        self._held.clear()

    def _flush(self, _: "asyncio.Future[None]") -> None:
        while self._held and all(future.done() for future in self._held[0].waits):
            self._held.popleft().show()
