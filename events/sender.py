"""Telling the broker, from a thread of its own: whoever commits a row never waits for Redis.

The database is the truth, the broker an accelerator. So with the broker away a message is dropped at
once, with one line in the log, and the relay sends it when its time comes. What piles up while the thread
is busy goes out together: under load many rows share a message.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import uuid4

from celery import current_app
from kombu.exceptions import OperationalError

from events.payloads import MAX_BYTES
from events.queues import STORE_SEVERAL_TASK, STORE_TASK

logger = logging.getLogger(__name__)

CAPACITY = 10_000  # items that wait for the thread
MOST_AT_ONCE = 200  # items that go out together
PAUSE_SECONDS = 1.0  # between two tries while the broker is away
# What a broker takes. SQS has 256 kB, and a message there is base64 within base64: 100 kB become 180 kB.
MESSAGE_BYTES = MAX_BYTES
# What a message carries of one row. A bigger payload stays in its row: looking it up there costs a worker
# less than unpacking JSON within base64 within JSON, and packing it again until it is acknowledged.
CARRIED_BYTES = 4_000
# What a row whose payload stayed behind weighs, so that at most two such share a message, and a transaction.
LEFT_BEHIND_WEIGHT = MESSAGE_BYTES // 2
# What came within this time goes out together. The first of them waits for nothing.
# At a hundred events a second three share a message and all that is done for one.
PACE_SECONDS = 0.03
JOINED_AT_MOST = 20  # rows in a message
ROW_OVERHEAD = 64  # bytes of an id and its brackets

Item = TypeVar("Item")


class Message(NamedTuple):
    """Which task is to consume which row. With a payload of "" the task reads it from the row."""

    task: str
    queue: str
    outbox_id: str
    payload: str


class Sender(Generic[Item]):
    """One thread, one connection, started by the first item. `send_all` raises what the broker raises.

    After each sending the thread rests for `pace` seconds, so that at a high rate items share messages.
    """

    def __init__(
        self, name: str, send_all: Callable[[Sequence[Item]], None], *, pace: float = PACE_SECONDS
    ) -> None:
        self._name = name
        self._pace = pace
        self._send_all = send_all
        self._items: queue.Queue[Item] = queue.Queue(CAPACITY)
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._away_until = 0.0
        self._away = False
        self.dropped = 0

    @property
    def broker_away(self) -> bool:
        """Whether the last items could not be sent."""
        return self._away

    def send(self, item: Item) -> None:
        """Send soon. Never blocks, never raises."""
        self._ensure_thread()
        try:
            self._items.put_nowait(item)
        except queue.Full:
            self.dropped += 1

    def flush(self) -> None:
        """Wait until everything given so far was sent or dropped."""
        if self._thread is not None and self._thread.is_alive():
            self._items.join()

    def _ensure_thread(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            items = list(self._take())
            try:
                self._deliver(items)
            finally:
                for _ in items:
                    self._items.task_done()
            time.sleep(self._pace)

    def _take(self) -> Iterator[Item]:
        """Wait for an item; with it comes what else is there."""
        yield self._items.get()
        for _ in range(MOST_AT_ONCE - 1):
            try:
                yield self._items.get_nowait()
            except queue.Empty:
                return

    def _deliver(self, items: Sequence[Item]) -> None:
        if time.monotonic() < self._away_until:
            self.dropped += len(items)
            return
        try:
            self._send_all(items)
        except Exception as error:
            self._broker_failed(error, len(items))
        else:
            if self._away:
                logger.info("The broker is back.")
            self._away = False

    def _broker_failed(self, error: Exception, count: int) -> None:
        self.dropped += count
        self._away_until = time.monotonic() + PAUSE_SECONDS
        if not self._away:
            level = logging.WARNING if isinstance(error, OperationalError) else logging.ERROR
            logger.log(level, "The broker is away (%s); the relay will send what is owed.", error)
        self._away = True


def message_for(*, task: str, queue: str, outbox_id: object, payload: str) -> Message:
    """The message of a row. That of a big one carries the row's id only."""
    fits = len(payload) <= CARRIED_BYTES and len(payload.encode()) <= CARRIED_BYTES
    return Message(task, queue, str(outbox_id), payload if fits else "")


def send_all(messages: Sequence[Message]) -> None:
    """Send in this thread, events' rows joined as far as a message holds; raises what the broker raises."""
    for joined in _join(messages):
        first = joined[0]
        if len(joined) == 1:
            send_task(first.task, queue=first.queue, args=(first.outbox_id, first.payload))
        else:
            rows = [(message.outbox_id, message.payload) for message in joined]
            send_task(STORE_SEVERAL_TASK, queue=first.queue, args=(rows,))


def _join(messages: Sequence[Message]) -> Iterator[list[Message]]:
    joined: list[Message] = []
    size = 0
    for message in messages:
        weight = len(message.payload.encode()) + ROW_OVERHEAD if message.payload else LEFT_BEHIND_WEIGHT
        fits = size + weight <= MESSAGE_BYTES and len(joined) < JOINED_AT_MOST
        if joined and not (fits and message.task == joined[-1].task == STORE_TASK):
            yield joined
            joined, size = [], 0
        joined.append(message)
        size += weight
    if joined:
        yield joined


def send_task(task: str, *, queue: str, args: tuple[Any, ...]) -> None:
    """Send one task; raises what the broker raises.

    Celery's `send_task` spends more on routing, results and a readable copy of the arguments than all the
    rest costs; our messages know their queue and have no results.
    """
    message = current_app.amqp.as_task_v2(
        str(uuid4()), task, args=args, argsrepr="", kwargsrepr="", ignore_result=True
    )
    with current_app.producer_pool.acquire(block=True) as producer:
        producer.publish(
            message.body,
            exchange="",
            routing_key=queue,
            serializer="json",
            headers=message.headers,
            retry=False,
            **message.properties,
        )


sender: Sender[Message] = Sender("outbox-sender", send_all)
