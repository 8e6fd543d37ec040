"""Fetching work and doing it, at most so much at once, until asked to stop.

    one thread a source: take places -> long poll -> hand on what came, give back the other places
    `max_workers` threads: do -> finish (off its queue), or leave it there to come again
    one thread: extends what is in hand

A message is finished after its work was committed, never before: whatever dies in between, it comes again and
finds nothing to do. What raises stays on its queue and comes again; the queue itself moves what came too
often to its dead letters. While the database is away nothing is fetched, so an outage makes no dead letters.
"""

import logging
import queue
import threading
from collections.abc import Callable, Sequence

from django.db import connections

from events.consuming.in_hand import EXTENSIONS, InHand
from events.consuming.polling import Poller, give_back
from events.consuming.slots import Slots
from events.consuming.sources import Source, Work
from events.consuming.weather import Weather
from events.retrying import is_away

logger = logging.getLogger(__name__)

STOP_SECONDS = 8.0  # for what is in hand; who runs us is promised 10


class Consumer:
    """`run` returns once `stop` was called (from anywhere) and what was in hand is done or given back."""

    def __init__(
        self, sources: Sequence[Source], *, max_workers: int, alive: Callable[[], None] = lambda: None
    ) -> None:
        """`alive` is called every few seconds while it runs."""
        self.sources = sources
        self.alive = alive
        self.slots = Slots(max_workers)
        self.in_hand = InHand()
        self.done = 0
        self.failed = 0
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._weather = Weather(self._stopping)
        self._work: queue.SimpleQueue[Work] = queue.SimpleQueue()

    def run(self, *, stop_seconds: float = STOP_SECONDS) -> bool:
        """Consume; gives whether everything in hand could be ended."""
        for number in range(self.slots.total):
            _start(self._work_on, f"consumer-{number}")
        for source in self.sources:
            _start(self._poller(source).run, f"listens-{source.name}")
        _start(self._keep, "keeper")
        self._stopping.wait()
        return self._end(stop_seconds)

    def stop(self) -> None:
        """Fetch no more, end what is in hand."""
        self._stopping.set()

    def do(self, work: Work) -> None:
        """Do one piece of work, in this thread. Raises nothing: what fails comes again."""
        try:
            work.do()
        except Exception as error:
            self.failed += 1
            if is_away(error):
                self._weather.database_failed(error)
            else:
                logger.warning("Not done, so it comes again: %s", work, exc_info=True)
            return
        self.done += 1
        try:
            work.finish()
        except Exception as error:
            logger.warning("Done, but still on its queue: %s (%s)", work, error)

    def _poller(self, source: Source) -> Poller:
        return Poller(
            source,
            slots=self.slots,
            fellows=len(self.sources),
            hand_on=self._hand_on,
            weather=self._weather,
            stopping=self._stopping,
        )

    def _hand_on(self, works: Sequence[Work]) -> None:
        """Have these done; each has a place already."""
        self.in_hand.add(works)
        for work in works:
            self._work.put(work)

    def _work_on(self) -> None:
        while True:
            work = self._work.get()
            try:
                self.do(work)
            finally:
                self.in_hand.remove(work)
                _tidy_connections()
                self.slots.give_back(1)

    def _keep(self) -> None:
        """Extend what is in hand in good time."""
        shortest = min(source.visibility for source in self.sources)
        self._say_alive()
        while not self._ended.wait(shortest / EXTENSIONS / 4):
            self._say_alive()
            for work in self.in_hand.running_out():
                try:
                    work.extend()
                    self.in_hand.extended(work)
                except Exception as error:
                    logger.warning("Not extended, so another may get it too: %s (%s)", work, error)

    def _say_alive(self) -> None:
        """A sign, no more: whatever keeps it from being left, messages must be extended."""
        try:
            self.alive()
        except Exception as error:
            logger.warning("No sign of life could be left: %s", error)

    def _end(self, seconds: float) -> bool:
        self.slots.close()
        logger.info("Asked to stop: nothing more is fetched, %d in hand.", len(self.in_hand))
        left = self.in_hand.wait_until_empty(seconds)
        give_back(left)
        self._ended.set()
        logger.info("Stopped: %d done, %d to come again, %d given back.", self.done, self.failed, len(left))
        return not left


def _start(target: Callable[[], None], name: str) -> None:
    """A thread that ends with the process: what it holds then comes again."""
    threading.Thread(target=target, name=name, daemon=True).start()


def _tidy_connections() -> None:
    """Back to the pool. SQLite has none, and rewrites its file when its last connection is closed."""
    for connection in connections.all(initialized_only=True):
        if connection.errors_occurred or connection.vendor == "postgresql":
            connection.close()
