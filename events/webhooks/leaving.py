"""What may leave the house: these types of events, and of their data these fields. Everything else stays.

A field that a contract gains later does not leave until it is listed here, and in docs/webhooks.md.
No e-mail address, no network address, no token and no answer is among them.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events.subscribing import Occurred

_ROOM = ("code", "kind", "title", "reason")
LEAVING: dict[str, tuple[str, ...]] = {
    "ROOM_CREATED": _ROOM,
    "ROOM_UPDATED": _ROOM,
    "ROOM_STARTED": _ROOM,
    "ROOM_COMPLETED": _ROOM,
    "ROOM_FAILED": _ROOM,
    "ROOM_EXPIRED": _ROOM,
    "USER_CREATED": ("guest",),
}
TEST = "WEBHOOK_TEST"


def body_for(event: Occurred) -> str:
    """The JSON that leaves for an event."""
    data = {name: getattr(event.data, name) for name in LEAVING[event.type]}
    return _encode(
        {
            "type": event.type,
            "timestamp": event.occurred_at,
            "event": event.event_id,
            "actor": event.actor,
            "room": event.room,
            "data": data,
        }
    )


def body_of_test(*, event_id: UUID, now: datetime) -> str:
    """The JSON of a webhook that says only that webhooks arrive."""
    empty = {"actor": None, "room": None, "data": {"message": "The oven is warm."}}
    return _encode({"type": TEST, "timestamp": now, "event": event_id, **empty})


def _encode(body: dict[str, Any]) -> str:
    return msgspec.json.encode(body).decode()
