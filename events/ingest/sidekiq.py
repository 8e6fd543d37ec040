"""Sidekiq's lists in Redis as a source of jobs, so that a killed consumer loses none.

    queue:hits  --BLMOVE-->  ingest:queue:hits:taken:<consumer>  --LREM after our transaction-->  gone

Open-source Sidekiq itself pops a job and then works on it: killed in between, it has lost it. Here a job is
always in one of two lists. Each consumer shows that it lives by a key that expires; whoever finds that a
consumer's key is gone moves its list back to the queue. So a job may be done twice (its id lets it count
once), never not at all. Our keys begin with `ingest:`, out of reach for a Redis user that may write
`queue:hits` only.
"""

import hashlib
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from redis import Redis

from events.consuming.sources import Source, Work
from events.retrying import is_away

logger = logging.getLogger(__name__)

VISIBILITY = 30.0  # seconds until a consumer that shows no life is taken for dead
RECOVER_SECONDS = 10.0  # between two looks for dead consumers
PATIENCE = 10.0  # seconds that an answer may take beyond what was asked for

# KEYS: the list of what is taken, the queue, the counts of tries. ARGV: the job, where to, its digest,
# 1 to count a try.
# LREM says whether it is still ours: somebody may have taken us for dead.
PUT_BACK = """
if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 0 then return 0 end
redis.call(ARGV[2], KEYS[2], ARGV[1])
if ARGV[4] == '1' then redis.call('HINCRBY', KEYS[3], ARGV[3], 1) end
return 1
"""

# KEYS: the sign of life, the list of what was taken, the queue, the consumers. ARGV: the consumer's name.
RECOVER = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local moved = 0
while redis.call('LMOVE', KEYS[2], KEYS[3], 'LEFT', 'RIGHT') do moved = moved + 1 end
redis.call('SREM', KEYS[4], ARGV[1])
return moved
"""


class SidekiqSource(Source):
    """One of Sidekiq's queues. `handle(body, tries)` does a job; raising means that it comes again."""

    def __init__(
        self, *, url: str, key: str, handle: Callable[[bytes, int], None], visibility: float = VISIBILITY
    ) -> None:
        self.name = key
        self.key = key
        self.visibility = visibility
        self.handle = handle
        self.consumer = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        self.redis: Any = Redis.from_url(
            url, socket_connect_timeout=2, socket_timeout=20 + PATIENCE, health_check_interval=10
        )
        self._put_back = self.redis.register_script(PUT_BACK)
        self._recover = self.redis.register_script(RECOVER)
        self._recover_at = 0.0
        self._in_hand: set[SidekiqWork] = set()
        self._changing = threading.Lock()

    def fetch(self, *, most: int, seconds: int) -> Sequence[Work]:
        self.show_life()
        if time.monotonic() >= self._recover_at:
            self.recover()
            self._recover_at = time.monotonic() + RECOVER_SECONDS
        first = self.redis.blmove(self.key, self.taken_by(self.consumer), seconds, "RIGHT", "LEFT")
        if first is None:
            return []
        bodies = [first, *self._take_at_once(most - 1)]
        tries = self.redis.hmget(self.tries_key, [digest(body) for body in bodies])
        works = [SidekiqWork(self, body, int(n or 0) + 1) for body, n in zip(bodies, tries, strict=True)]
        with self._changing:
            self._in_hand.update(works)
        return works

    def show_life(self) -> None:
        """Say for another `visibility` seconds that what we took is ours."""
        with self.redis.pipeline() as pipeline:
            pipeline.sadd(self.consumers_key, self.consumer)
            pipeline.set(self.life_of(self.consumer), 1, px=int(self.visibility * 1000))
            pipeline.execute()

    def recover(self) -> None:
        """Bring back what dead consumers took, and what we took without noticing (an answer got lost)."""
        for raw in self.redis.smembers(self.consumers_key):
            consumer = raw.decode()
            keys = [self.life_of(consumer), self.taken_by(consumer), self.key, self.consumers_key]
            if moved := self._recover(keys=keys, args=[consumer]):
                logger.warning("%d jobs of a dead consumer are back on %s.", moved, self.key)
        with self._changing:
            known = {work.body for work in self._in_hand}
        for body in self.redis.lrange(self.taken_by(self.consumer), 0, -1):
            if body not in known:
                self.put_back(body, first=True, counts=False)

    def put_back(self, body: bytes, *, first: bool, counts: bool) -> None:
        """Let a job come again: at once, or after all others. `counts`: it was tried, in vain."""
        self._put_back(
            keys=[self.taken_by(self.consumer), self.key, self.tries_key],
            args=[body, "RPUSH" if first else "LPUSH", digest(body), int(counts)],
        )

    def done(self, body: bytes) -> None:
        """A job is done with."""
        with self.redis.pipeline() as pipeline:
            pipeline.lrem(self.taken_by(self.consumer), 1, body)
            pipeline.hdel(self.tries_key, digest(body))
            pipeline.execute()

    def let_go(self, work: "SidekiqWork") -> None:
        """It is no longer in hand, whatever becomes of it."""
        with self._changing:
            self._in_hand.discard(work)

    def taken_by(self, consumer: str) -> str:
        """The list of what a consumer has in hand."""
        return f"ingest:{self.key}:taken:{consumer}"

    def life_of(self, consumer: str) -> str:
        """The key that expires when a consumer is dead."""
        return f"ingest:{self.key}:lives:{consumer}"

    @property
    def consumers_key(self) -> str:
        """The set of all consumers that may have something in hand."""
        return f"ingest:{self.key}:consumers"

    @property
    def tries_key(self) -> str:
        """How often jobs failed, by their digest."""
        return f"ingest:{self.key}:tries"

    def _take_at_once(self, most: int) -> list[bytes]:
        with self.redis.pipeline() as pipeline:
            for _ in range(most):
                pipeline.lmove(self.key, self.taken_by(self.consumer), "RIGHT", "LEFT")
            pipeline.set(self.life_of(self.consumer), 1, px=int(self.visibility * 1000))
            *bodies, _ = pipeline.execute()
        return [body for body in bodies if body is not None]


class SidekiqWork(Work):
    """A job in hand. `tries`: how often it failed, and this time; an outage of the database is no failure."""

    def __init__(self, source: SidekiqSource, body: bytes, tries: int) -> None:
        self.source: SidekiqSource = source
        self.body = body
        self.tries = tries

    def __str__(self) -> str:
        return f"job of {self.source.name}"

    def do(self) -> None:
        try:
            self.source.handle(self.body, self.tries)
        except Exception as error:
            self._come_again(away=is_away(error))
            raise

    def finish(self) -> None:
        try:
            self.source.done(self.body)
        finally:  # with Redis away it stays where it is, is found there later, and counts no second time
            self.source.let_go(self)

    def extend(self) -> None:
        self.source.show_life()

    def give_back(self) -> None:
        self.source.put_back(self.body, first=True, counts=False)
        self.source.let_go(self)

    def _come_again(self, *, away: bool) -> None:
        try:
            self.source.put_back(self.body, first=away, counts=not away)
        except Exception as error:
            logger.warning("Not put back, so it comes again when Redis is there: %s", error)
        finally:
            self.source.let_go(self)


def digest(body: bytes) -> str:
    """What a job's tries are counted under."""
    return hashlib.sha1(body, usedforsecurity=False).hexdigest()
