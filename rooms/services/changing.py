"""How a room changes: one conditional UPDATE, one event, and word to the screens after the commit."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction

import events.services
from events.contracts import RoomChanged
from events.live import broadcast
from rooms.errors import HostOnly, NoSuchRoom, NotNow
from rooms.models import Room

ATTEMPTS = 5
SOURCE = "rooms"


def get_room(room_id: UUID) -> Room:
    try:
        return Room.objects.get(pk=room_id)
    except Room.DoesNotExist:
        raise NoSuchRoom from None


def locked_room(room_id: UUID) -> Room:
    """The room, its row locked until the transaction ends (SQLite locks the whole database anyway)."""
    try:
        return Room.objects.select_for_update().get(pk=room_id)
    except Room.DoesNotExist:
        raise NoSuchRoom from None


def change_room(
    room_id: UUID, *, allowed: Collection[str], by: int | None = None, epoch: int | None = None, **fields: Any
) -> Room:
    """Set `fields` if the room's status is one of `allowed`; else, or if it is always lost, `NotNow`.

    `by`: the user who asks, who must be the host (None: an operator or the system). `epoch`: refuse a process
    that hosts the room no longer. A race lost to a mere version bump (somebody sat down) is run again.
    """
    for _ in range(ATTEMPTS):
        room = get_room(room_id)
        if by is not None and room.host_id != by:
            raise HostOnly
        if room.status not in allowed or (epoch is not None and room.epoch != epoch):
            raise NotNow
        seen = {"id": room.id, "status": room.status, "version": room.version}
        if Room.objects.filter(**seen).update(version=room.version + 1, **fields):
            return get_room(room_id)
    raise NotNow


def touch_room(room: Room) -> None:
    """Count a change of the seats of a room whose row the caller has locked."""
    room.version += 1
    Room.objects.filter(pk=room.pk).update(version=room.version)
    broadcast_room(room)


def publish(type: str, room: Room, *, actor: int | None = None, **details: Any) -> None:
    """Publish what happened to the room, in the caller's transaction, and tell the screens after it.

    `details` are further fields of the contract: `reason`, or who won.
    """
    data = RoomChanged(
        code=room.code, kind=room.kind, title=room.title, visibility=room.visibility, **details
    )
    events.services.publish(type=type, actor=actor, room=room.id, data=data, source=SOURCE)
    broadcast_room(room)


def broadcast_room(room: Room) -> None:
    """After the commit: whoever hosts an older version of the room reads it again, and the lobby does too."""
    tell(f"room.{room.id}", {"kind": "room", "version": room.version})
    tell("lobby", {"kind": "rooms"})


def tell(topic: str, message: dict[str, Any]) -> None:
    """Broadcast after the commit; a bus that is away costs nothing but freshness."""
    transaction.on_commit(lambda: broadcast(topic, message), robust=True)
