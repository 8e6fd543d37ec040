"""Garbage collection kept out of ticks: it runs in the pauses between them, a little at a time."""

import gc

YOUNG_EVERY = 8
MIDDLE_EVERY = 200
FULL_EVERY = 4800
MIN_PAUSE = 0.008


class Tidying:
    """Between `start` and `stop` the process collects garbage only in `pause`.

    What lives at the start (the framework, mostly) is set aside, so that even a full collection is short.
    """

    def __init__(self) -> None:
        self._pauses = 0
        self._owed = 0

    def start(self) -> None:
        gc.collect()
        gc.freeze()
        gc.disable()

    def stop(self) -> None:
        gc.enable()
        gc.unfreeze()

    def pause(self, seconds: float) -> None:
        """There is this much time before the next tick. What does not fit is done in the next long pause."""
        self._pauses += 1
        for generation, every in enumerate((YOUNG_EVERY, MIDDLE_EVERY, FULL_EVERY)):
            if self._pauses % every == 0:
                self._owed = max(self._owed, generation + 1)
        if self._owed and (seconds >= MIN_PAUSE or self._pauses % FULL_EVERY == 0):
            gc.collect(self._owed - 1)
            self._owed = 0
