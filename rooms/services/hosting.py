"""What a process writes for the rooms that it hosts."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from rooms.errors import NoSuchRoom
from rooms.models import OPEN_STATUSES, Room, Seat
from rooms.services.changing import locked_room, touch_room
from rooms.services.creating import EMPTY_TIME
from rooms.services.seating import hand_over


def begin_hosting(*, room_id: UUID) -> int:
    """Count one more process that hosts the room; its epoch."""
    with transaction.atomic():
        if not Room.objects.filter(pk=room_id).update(epoch=F("epoch") + 1):
            raise NoSuchRoom
        return Room.objects.values_list("epoch", flat=True).get(pk=room_id)


def keep_alive(*, seat_ids: Collection[int], room_ids: Collection[UUID]) -> None:
    """The heartbeat of a whole process: its connected seats are held, its rooms with people do not expire."""
    now = timezone.now()
    if seat_ids:
        Seat.objects.filter(pk__in=seat_ids, slot__isnull=False).update(seen_at=now, away_at=None)
    if room_ids:
        Room.objects.filter(pk__in=room_ids).update(expires_at=now + EMPTY_TIME)


def see_hosts(*, room_ids: Collection[UUID]) -> None:
    """The hosts of these rooms watch them from a screen, just now."""
    Room.objects.filter(pk__in=room_ids).update(host_seen_at=timezone.now())


def pass_host_on(*, room_id: UUID) -> None:
    """Somebody who sits there hosts from now on, as the host has neither a seat nor a screen any more."""
    with transaction.atomic():
        room = locked_room(room_id)
        if room.status in OPEN_STATUSES:
            hand_over(room)
            touch_room(room)
