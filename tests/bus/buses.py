"""The transports as the suite sees them: letters that lie on a queue, and the consumer that opens one."""

import base64
import json
from abc import ABC, abstractmethod
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from redis import Redis

from events.courier import courier
from events.sender import sender
from events.tasks import deliver
from events.transports import get_transport


class Letter(NamedTuple):
    """A message that was taken off a queue: its body as the consumer gets it, and how the broker knows it."""

    queue: str
    body: str
    receipt: Any = None


class Bus(ABC):
    """A real broker with our real transport before it. Tests open letters when and as often as they like."""

    name: ClassVar[str]

    @abstractmethod
    def take(self, queue: str) -> list[Letter]:
        """Take all letters off a queue, without opening them. Those that were just sent are there."""

    @abstractmethod
    def open(self, letter: Letter) -> None:
        """What the transport's consumer does with a letter, in this thread. Raises nothing."""

    @abstractmethod
    def put(self, queue: str, body: str) -> None:
        """Put a letter of a stranger's on a queue."""

    def prepare(self) -> None:  # noqa: B027 - most brokers need nothing
        """Called after each subscription, for a broker that must know of them."""

    def announce_again(self, queue: str, event_ids: list[UUID]) -> None:
        """Have the transport send word again, as the relay does."""
        get_transport().remind(queue, event_ids)

    def flush(self) -> None:
        """Wait until what was published is with the broker."""
        sender.flush()
        courier.flush()


class CeleryBus(Bus):
    """Celery's lists in Redis. The task is called as a worker calls it, with what the message says."""

    name = "celery"

    def __init__(self, client: "Redis") -> None:
        self.client = client

    def take(self, queue: str) -> list[Letter]:
        self.flush()
        letters = []
        while raw := self.client.rpop(queue):
            envelope = json.loads(raw)
            arguments, _, _ = json.loads(base64.b64decode(envelope["body"]))
            if envelope["headers"]["task"] == "events.tasks.deliver":
                letters.append(Letter(arguments[0], arguments[1]))
        return letters

    def open(self, letter: Letter) -> None:
        deliver(letter.queue, letter.body)

    def put(self, queue: str, body: str) -> None:
        get_transport().remind(queue, [UUID(int=1)])
        raw = self.client.lpop(queue)
        envelope = json.loads(raw)
        arguments = [[queue, body], {}, {}]
        envelope["body"] = base64.b64encode(json.dumps(arguments).encode()).decode()
        self.client.lpush(queue, json.dumps(envelope))
