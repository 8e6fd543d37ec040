"""kombu's SQS, mended: an answer that is an error ends no worker.

kombu 5.7 hands on an empty list for a long poll that failed (a 5xx, a line that was cut), and then asks that
list for its messages: an AttributeError that ends the whole worker. Here it is no messages, and a pause.
"""

import logging
from typing import Any

from kombu.transport import SQS

logger = logging.getLogger(__name__)

FAILED = -1  # in place of the number of messages that came
PAUSE = 2.0  # seconds before a queue is asked again


class Channel(SQS.Channel):
    """Asks again after a pause, and says so once."""

    hub: Any
    _away = False

    def _on_messages_ready(self, queue: str, qname: str, messages: Any) -> int:
        if isinstance(messages, list):
            if not self._away:
                logger.warning("SQS cannot be reached, or has troubles of its own; asking again.")
            self._away = True
            return FAILED
        if self._away:
            logger.info("SQS is back.")
        self._away = False
        count: int = super()._on_messages_ready(queue, qname, messages)
        return count

    def _loop1(self, queue: str, messages_fetched: int | None = None) -> None:
        if messages_fetched == FAILED:
            self.hub.call_later(PAUSE, self._schedule_queue, queue)
        else:
            super()._loop1(queue, messages_fetched)


class Transport(SQS.Transport):
    """What `sqs://` means to our Celery."""

    Channel = Channel
