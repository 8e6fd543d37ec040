"""Telling the broker about outbox rows, from a thread of its own: whoever commits one never waits for Redis.

The database is the truth, the broker an accelerator. So with the broker away a message is dropped at
once, with one line in the log, and the relay sends it when its time comes.
"""

import logging
import queue
import threading
import time
from typing import NamedTuple
from uuid import uuid4

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

CAPACITY = 10_000  # messages that wait for the thread
PAUSE_SECONDS = 1.0  # between two tries while the broker is away


class Message(NamedTuple):
    """Which task is to consume which row."""

    task: str
    queue: str
    outbox_id: str
    payload: str


class Sender:
    """One thread, one connection, started by the first message."""

    def __init__(self) -> None:
        self._messages: queue.Queue[Message | None] = queue.Queue(CAPACITY)
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._away_until = 0.0
        self._away = False
        self.dropped = 0

    @property
    def broker_away(self) -> bool:
        """Whether the last message could not be sent."""
        return self._away

    def send(self, message: Message) -> None:
        """Send soon. Never blocks, never raises."""
        self._ensure_thread()
        try:
            self._messages.put_nowait(message)
        except queue.Full:
            self.dropped += 1

    def flush(self) -> None:
        """Wait until everything given so far was sent or dropped."""
        if self._thread is not None and self._thread.is_alive():
            self._messages.join()

    def _ensure_thread(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="outbox-sender", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            message = self._messages.get()
            try:
                if message is not None:
                    self._deliver(message)
            finally:
                self._messages.task_done()

    def _deliver(self, message: Message) -> None:
        if time.monotonic() < self._away_until:
            self.dropped += 1
            return
        try:
            send_now(message)
        except Exception as error:
            self._broker_failed(error)
        else:
            if self._away:
                logger.info("The broker is back.")
            self._away = False

    def _broker_failed(self, error: Exception) -> None:
        self.dropped += 1
        self._away_until = time.monotonic() + PAUSE_SECONDS
        if not self._away:
            level = logging.WARNING if isinstance(error, OperationalError) else logging.ERROR
            logger.log(level, "The broker is away (%s); the relay will send what is owed.", error)
        self._away = True


def send_now(message: Message) -> None:
    """Send in this thread; raises what the broker raises.

    Celery's `send_task` spends more on routing, results and a readable copy of the arguments than all the
    rest costs; our messages know their queue and have no results.
    """
    task = current_app.amqp.as_task_v2(
        str(uuid4()),
        message.task,
        args=(message.outbox_id, message.payload),
        argsrepr=message.outbox_id,
        kwargsrepr="",
        ignore_result=True,
    )
    with current_app.producer_pool.acquire(block=True) as producer:
        producer.publish(
            task.body,
            exchange="",
            routing_key=message.queue,
            serializer="json",
            headers=task.headers,
            retry=False,
            **task.properties,
        )


sender = Sender()
