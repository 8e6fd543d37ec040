"""Events that were not believed: kept for an operator to look at, and judged again on an operator's word."""

from datetime import datetime

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from events.judging import Refusal
from events.models import RefusedEvent
from events.outbox import enqueue
from events.queues import STORE_QUEUE, STORE_TASK

KEPT_TEXT = 20_000  # characters of a payload that cannot be read

_to_json = msgspec.json.Encoder().encode


def reconsider(rows: QuerySet[RefusedEvent]) -> int:
    """Have them stored as if they came anew: a rule was wrong, or a worker too old. Gives their number.

    What is refused again is kept again. What could not even be read, or not kept whole, is left alone.
    """
    count = 0
    for row in rows.exclude(event_id=""):
        if "event_id" not in row.payload:
            continue
        payload = msgspec.json.encode([row.payload]).decode()
        with transaction.atomic():
            if RefusedEvent.objects.filter(pk=row.pk).delete()[0]:
                enqueue(task=STORE_TASK, queue=STORE_QUEUE, payload=payload)
                count += 1
    return count


def refused_row(refusal: Refusal, now: datetime) -> RefusedEvent:
    """An event that could be read and was not believed."""
    return RefusedEvent(
        event_id=str(refusal.event.event_id),
        type=_plain(refusal.event.type),
        payload=_as_json(_to_json(refusal.event)),
        reason=_plain(refusal.reason),
        source=_plain(refusal.event.source),
        refused_at=now,
    )


def refused_json(row: bytes, reason: str, now: datetime) -> RefusedEvent:
    """Keep what could not be read, with whatever can be told of it."""
    value = _as_json(row)
    told = value if isinstance(value, dict) else {}
    return RefusedEvent(
        event_id=_plain(str(told.get("event_id", "")))[:64],
        type=_plain(str(told.get("type", "")))[:40],
        payload=value,
        reason=_plain(reason)[:200],
        source=_plain(str(told.get("source", "")))[:40],
        refused_at=now,
    )


def _as_json(row: bytes) -> object:
    """The JSON value, or its text where that is no JSON or the database could not keep it."""
    try:
        # A null would be SQL's, which the column does not take.
        if b"\\u0000" not in row and len(row) <= KEPT_TEXT and row != b"null":
            return msgspec.json.decode(row)
    except (msgspec.MsgspecError, UnicodeError):
        pass
    return {"text": _plain(row.decode(errors="replace"))[:KEPT_TEXT]}


def _plain(text: str) -> str:
    return text.replace("\0", "�")
