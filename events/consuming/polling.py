"""Asking one source for work, again and again."""

import logging
import random
import threading
from collections.abc import Callable, Sequence

from events.aws.clients import in_words
from events.consuming.slots import Slots
from events.consuming.sources import Source, Work
from events.consuming.weather import Weather

logger = logging.getLogger(__name__)

LONG_POLL = 20  # seconds
SHORT_POLL = 1  # where listeners must take turns
MOST = 10  # messages that SQS gives at once
FIRST_PAUSE = 1.0  # seconds after a failure; doubles
LONGEST_PAUSE = 30.0


class Poller:
    """Takes places, fetches at most as many messages, hands them on.

    Listening takes a place too, since a message may come of it: an idle source holds one, a busy one asks for
    more. With fewer places than sources the listeners take turns, and so listen for a second only.
    """

    def __init__(
        self,
        source: Source,
        *,
        slots: Slots,
        fellows: int,
        hand_on: Callable[[Sequence[Work]], None],
        weather: Weather,
        stopping: threading.Event,
    ) -> None:
        self.source = source
        self._slots = slots
        self._hand_on = hand_on
        self._weather = weather
        self._stopping = stopping
        self._seconds = LONG_POLL if slots.total >= fellows else SHORT_POLL
        self._wanted = 1
        self._pause = FIRST_PAUSE
        self._failing = False

    def run(self) -> None:
        """Poll until we stop."""
        while not self._stopping.is_set():
            self._weather.wait_for_database()
            places = self._slots.take(self._wanted)
            if places:
                self._poll(places)

    def _poll(self, places: int) -> None:
        works: Sequence[Work] = ()
        try:
            works = self.source.fetch(most=places, seconds=self._seconds)
        except Exception as error:
            self._failed(error)
        else:
            self._worked()
        self._wanted = MOST if len(works) == places else 1
        if self._stopping.is_set():
            give_back(works)
            works = ()
        self._hand_on(works)
        self._slots.give_back(places - len(works))
        if self._failing:
            self._stopping.wait(self._pause * (0.5 + random.random() / 2))

    def _failed(self, error: Exception) -> None:
        if not self._failing:
            logger.warning("%s cannot be reached, trying again: %s", self.source.name, in_words(error))
            self._failing, self._pause = True, FIRST_PAUSE
        else:
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _worked(self) -> None:
        if self._failing:
            logger.info("%s is back.", self.source.name)
            self._failing = False


def give_back(works: Sequence[Work]) -> None:
    """Let others have these at once. If it cannot be said, they come again when their time is over."""
    for work in works:
        try:
            work.give_back()
        except Exception as error:
            logger.warning("Not given back, it comes again later: %s (%s)", work, error)
