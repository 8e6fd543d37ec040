"""Who is told of what: handlers register here, and the storing transaction asks who is owed a delivery.

    @subscribe("USER_CREATED", queue="email")
    def send_welcome(event: Occurred) -> None: ...

A handler runs in one transaction with its delivery's row, and perhaps with other deliveries: what any of them
raises rolls all back, and it is tried again. So it does nothing outside of the database that cannot be done
twice: a mail is owed by a row of the outbox, a broadcast waits for `transaction.on_commit`.

Handlers live in `<app>/handlers.py`, found at the start. A handler's name is kept in the database: rename one
only with `name=` of old, or what is owed to it ends in the dead letters.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from events.contracts import Contract, contract_of
from events.queues import QUEUES

ALL: Final = "*"
# What comes by the hundred a second. A subscriber to ALL does not get it; who names it does.
VOLUMINOUS: Final = frozenset({"SHIP_HIT"})
NAME_LENGTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurred:
    """An event as a handler gets it: read from the log, never from a message.

    `seq` is its place in the log, `data` is of the contract of its type.
    """

    seq: int
    event_id: UUID
    type: str
    actor: int | None
    room: UUID | None
    data: Contract
    points: int
    occurred_at: datetime
    recorded_at: datetime
    source: str


HandlerFunction = Callable[[Occurred], None]


@dataclass(frozen=True, slots=True)
class Handler:
    """A registered function. `replayable`: past events may be sent to it again."""

    name: str
    types: frozenset[str]
    queue: str
    replayable: bool
    function: HandlerFunction

    def wants(self, type: str) -> bool:
        """Whether it subscribed to events of `type`."""
        return type in self.types or (ALL in self.types and type not in VOLUMINOUS)


class Registry:
    """Handlers by name, and by the type of event, in the order of their names."""

    def __init__(self) -> None:
        self._by_name: dict[str, Handler] = {}
        self._by_type: dict[str, tuple[Handler, ...]] = {}

    def add(self, handler: Handler) -> None:
        """Raises `ValueError` for what can only be a slip: a name taken, a type or a queue that is none."""
        if handler.name in self._by_name:
            raise ValueError(f"There is a handler {handler.name} already")
        if len(handler.name) > NAME_LENGTH:
            raise ValueError(f"{handler.name} is longer than {NAME_LENGTH} characters")
        if handler.queue not in QUEUES:
            raise ValueError(f"{handler.name}: there is no queue {handler.queue!r}, only {', '.join(QUEUES)}")
        unknown = sorted(type for type in handler.types - {ALL} if contract_of(type) is None)
        if unknown or not handler.types:
            raise ValueError(f"{handler.name} subscribes to {unknown or 'nothing'}: see events/contracts.py")
        self._by_name[handler.name] = handler
        self._by_type.clear()

    def of_type(self, type: str) -> tuple[Handler, ...]:
        """Those who are told of events of `type`."""
        found = self._by_type.get(type)
        if found is None:
            found = self._by_type[type] = tuple(handler for handler in self if handler.wants(type))
        return found

    def named(self, name: str) -> Handler | None:
        """The handler of that name, if the code still has one."""
        return self._by_name.get(name)

    def __iter__(self) -> Iterator[Handler]:
        return iter(sorted(self._by_name.values(), key=lambda handler: handler.name))

    @contextmanager
    def restored(self) -> Iterator[None]:
        """What is registered or replaced within is forgotten afterwards: for tests."""
        before = dict(self._by_name)
        try:
            yield
        finally:
            self._by_name = before
            self._by_type.clear()

    def forget(self, name: str) -> None:
        """Take a handler out."""
        self._by_name.pop(name, None)
        self._by_type.clear()


registry = Registry()


def subscribe(
    *types: str, queue: str, replayable: bool = False, name: str | None = None
) -> Callable[[HandlerFunction], HandlerFunction]:
    """Let the function be told of every event of these types (or of `ALL`) once, by a worker of `queue`.

    Say `replayable` only of what may be told of the past again: what writes to the database may, mail and
    webhooks may not. `name` is `module.function` unless given.
    """

    def register(function: HandlerFunction) -> HandlerFunction:
        full_name = name or f"{function.__module__}.{function.__qualname__}"
        registry.add(Handler(full_name, frozenset(types), queue, replayable, function))
        return function

    return register
