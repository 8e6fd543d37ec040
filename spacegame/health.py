"""Is it alive, is it ready, and what is amiss: each part is asked, and each answer is short."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from redis import Redis

from events.consuming.heartbeat import EVENTS_SEEN, INGEST_SEEN
from events.recorder import get_recorder
from events.watching import LATE_SIGN, Late
from spacegame.celery import app

State = Literal["ok", "degraded", "away"]

WORKER_SEEN_KEY = "worker:seen"  # seconds since 1970, written by the worker's heartbeat
WORKER_SECONDS = 60.0
TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True)
class Part:
    """What one part says of itself. Only a part that is `away` makes us unready."""

    state: State
    detail: str = ""


def database() -> Part:
    """A page needs it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Part("ok")


def redis() -> Part:
    """Rooms find their hosts, and processes each other, through it."""
    with Redis.from_url(settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS) as client:
        client.ping()
    return Part("ok")


def broker() -> Part:
    """Without it the outbox keeps what is to be done, so players are served."""
    try:
        with app.connection_for_write(connect_timeout=TIMEOUT_SECONDS) as link:
            link.ensure_connection(max_retries=1, timeout=TIMEOUT_SECONDS)
    except Exception as error:  # each transport has its own errors
        return Part("degraded", f"{type(error).__name__}: work waits in the outbox")
    return Part("ok")


def worker() -> Part:
    """Without one, scores come later."""
    return _seen(WORKER_SEEN_KEY, "no worker was seen", "scores wait in the outbox")


def consumer() -> Part:
    """Where word of events comes by SNS, handlers run in a consumer. Without one, they run later."""
    return _seen(EVENTS_SEEN, "no consumer was seen", "handlers of events wait")


def ingest() -> Part:
    """Other game servers' hits are taken by `manage.py consume --ingest`."""
    return _seen(INGEST_SEEN, "no consume --ingest was seen", "other servers' hits wait on their queues")


def handlers() -> Part:
    """One that hangs keeps a thread, and what it has locked; it is stopped when its time is over."""
    late: Late | None = cache.get(LATE_SIGN)
    if late is None:
        return Part("ok")
    age = max(0.0, time.time() - late["since"])
    return Part("degraded", f"{late['handler']} of {late['event']} runs for {age:.0f} s in {late['where']}")


def _seen(key: str, complaint: str, effect: str) -> Part:
    seen = cache.get(key)
    if seen is None:
        return Part("degraded", f"{complaint} yet: {effect}")
    age = max(0.0, time.time() - float(seen))
    if age > WORKER_SECONDS:
        return Part("degraded", f"{complaint} for {age:.0f} s: {effect}")
    return Part("ok")


def recorder() -> Part:
    """With the database away this process writes hits to its spool."""
    stats = get_recorder().stats()
    if stats["spooled"]:
        return Part("degraded", f"{stats['spooled']} batches of hits wait in the spool for the database")
    return Part("ok")


PARTS: Mapping[str, Callable[[], Part]] = {
    "database": database,
    "redis": redis,
    "broker": broker,
    "worker": worker,
    "handlers": handlers,
    "recorder": recorder,
}


def ask(check: Callable[[], Part]) -> Part:
    """What the part says; away, with the kind of error alone, when it cannot say anything."""
    try:
        return check()
    except Exception as error:  # whatever a driver raises means the same here
        return Part("away", type(error).__name__)


def _asked() -> Mapping[str, Callable[[], Part]]:
    """Everything, and what this installation uses besides."""
    used = dict(PARTS)
    if settings.EVENT_TRANSPORT == "sns":
        used["consumer"] = consumer
    if settings.INGEST_SQS_QUEUES or settings.INGEST_SIDEKIQ_QUEUES:
        used["ingest"] = ingest
    return used


def report() -> dict[str, Any]:
    """`state` is the worst of the parts'; `parts` has each of them."""
    parts = {name: ask(check) for name, check in _asked().items()}
    states = {part.state for part in parts.values()}
    worst: State = "away" if "away" in states else "degraded" if "degraded" in states else "ok"
    return {"state": worst, "parts": {name: asdict(part) for name, part in parts.items()}}
