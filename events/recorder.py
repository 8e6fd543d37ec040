"""The hot path from the game to the outbox: group commit in a thread, so that a tick never waits for a disk.

All that came while the last commit ran is committed together. A future resolves once its events are
durable; what is shown to a player waits for it.
"""

import asyncio
import atexit
import threading
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, TypedDict
from uuid import uuid4

from django.conf import settings

from events import payloads
from events.contracts import NewEvent
from events.keeping import Keeper, use_short_timeouts
from events.spool import Row

IDLE_SECONDS = 1.0  # how often an idle thread looks whether the database is back


class Ticket(NamedTuple):
    """Events that were given together, and who waits for them."""

    events: Sequence[NewEvent]
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[None]"


class Stats(TypedDict):
    """`queued`: events not yet durable; `spooled`: batches in the spool; `recorded`: events made durable."""

    queued: int
    spooled: int
    recorded: int
    batches: int
    state: str


class Recorder:
    """One a process. Its thread starts with the first events (or by `start`)."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._pending: list[Ticket] = []
        self._in_hand = 0
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._keeper = Keeper(settings.SPOOL_DIR)
        self._recorded = 0
        self._batches = 0

    def record(self, events: Sequence[NewEvent]) -> "asyncio.Future[None]":
        """Make events durable. Called on an event loop; the future resolves there, and never fails."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        if not events:
            future.set_result(None)
            return future
        with self._changed:
            self._pending.append(Ticket(events, loop, future))
            self._ensure_thread()
            self._changed.notify_all()
        return future

    def start(self) -> None:
        """Start the thread now, so that what dead processes left in the spool is drained."""
        with self._changed:
            self._ensure_thread()

    def flush(self, *, seconds: float = 10.0) -> bool:
        """Block until all that was recorded so far is durable; False if it took longer than `seconds`."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._pending and not self._in_hand, seconds)

    def stop(self, *, seconds: float = 10.0) -> None:
        """Make durable what is there and end the thread; the next `record` starts it again."""
        with self._changed:
            thread, self._stopping = self._thread, True
            self._changed.notify_all()
        if thread is not None:
            thread.join(seconds)

    def stats(self) -> Stats:
        """How it goes; cheap, from any thread."""
        queued = sum(len(ticket.events) for ticket in list(self._pending)) + self._in_hand
        spooled = self._keeper.spooled
        state = "spooling" if spooled else "ok"
        return Stats(
            queued=queued, spooled=spooled, recorded=self._recorded, batches=self._batches, state=state
        )

    def _ensure_thread(self) -> None:
        if self._thread is None:
            self._stopping = False
            self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        use_short_timeouts()
        self._keeper.tend()
        try:
            while (tickets := self._take()) is not None:
                if tickets:
                    self._keep(tickets)
                self._keeper.tend()
        finally:
            self._keeper.close()

    def _take(self) -> list[Ticket] | None:
        """Wait for tickets, a while at most; None when there is nothing left and the end was asked for."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._pending or self._stopping,
                IDLE_SECONDS if self._keeper.wants_to_probe else None,
            )
            if not self._pending and self._stopping:
                self._thread = None
                return None
            tickets, self._pending = self._pending, []
            self._in_hand = sum(len(ticket.events) for ticket in tickets)
            return tickets

    def _keep(self, tickets: Sequence[Ticket]) -> None:
        encoded = [payloads.encode_event(event) for ticket in tickets for event in ticket.events]
        rows = [Row(uuid4(), payload) for payload in payloads.split(encoded)]
        self._keeper.keep(rows)
        with self._changed:
            self._recorded += len(encoded)
            self._batches += len(rows)
            self._in_hand = 0
            self._changed.notify_all()
        _resolve(tickets)


def _resolve(tickets: Sequence[Ticket]) -> None:
    """One call into each event loop, however many wait there."""
    futures: defaultdict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = defaultdict(list)
    for ticket in tickets:
        futures[ticket.loop].append(ticket.future)
    for loop, waiting in futures.items():
        try:
            loop.call_soon_threadsafe(_set_results, waiting)
        except RuntimeError:  # the loop was closed: nobody waits any more
            continue


def _set_results(futures: Sequence["asyncio.Future[None]"]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


_recorder: Recorder | None = None
_making = threading.Lock()


def get_recorder() -> Recorder:
    """This process's recorder."""
    global _recorder
    with _making:
        if _recorder is None:
            _recorder = Recorder()
            atexit.register(_recorder.stop, seconds=5.0)
        return _recorder
