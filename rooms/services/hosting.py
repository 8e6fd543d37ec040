"""What a process writes for the rooms that it hosts."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from rooms import selectors
from rooms.errors import NoSuchRoom
from rooms.models import Room, Seat
from rooms.services.changing import locked_room, touch_room
from rooms.services.creating import EMPTY_TIME
from rooms.services.seating import hand_over


def begin_hosting(*, room_id: UUID) -> int:
    """Count one more process that hosts the room; its epoch."""
    with transaction.atomic():
        if not Room.objects.filter(pk=room_id).update(epoch=F("epoch") + 1):
            raise NoSuchRoom
        return Room.objects.values_list("epoch", flat=True).get(pk=room_id)


def keep_alive(*, seat_ids: Collection[int], room_ids: Collection[UUID], at: datetime) -> None:
    """The heartbeat of a whole process: its connected seats are held, its rooms with people do not expire.

    Who dropped after `at`, when the process looked, stays away.
    """
    if seat_ids:
        seats = Seat.objects.filter(pk__in=seat_ids, slot__isnull=False, seen_at__lt=at)
        seats.update(seen_at=at, away_at=None)
    if room_ids:
        Room.objects.filter(pk__in=room_ids).update(expires_at=at + EMPTY_TIME)


def see_hosts(*, room_ids: Collection[UUID]) -> None:
    """The hosts of these rooms watch them from a screen, just now."""
    Room.objects.filter(pk__in=room_ids).update(host_seen_at=timezone.now())


def pass_host_on(*, room_id: UUID) -> None:
    """Somebody who sits there hosts from now on, if the host still has neither a seat nor a screen."""
    with transaction.atomic():
        room = locked_room(room_id)
        if selectors.deserted_by_their_host(now=timezone.now()).filter(pk=room.pk).exists():
            hand_over(room)
            touch_room(room)
