"""Reads of rooms that are more than a line."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from events.snapshots import snapshot
from rooms.codes import normal_code
from rooms.errors import NoSuchRoom, RoomEnded
from rooms.games import all_games, get_game
from rooms.models import OPEN_STATUSES, Room, Seat, Status, Visibility
from rooms.records import RoomRecord, SeatRecord
from rooms.settings_check import check_settings

HOLD = timedelta(seconds=60)
CONNECTED = timedelta(seconds=25)  # a heartbeat comes every 15 s
PODIUM_TIME = timedelta(hours=12)
LOBBY_ROWS = 50


def room_by_code(code: str) -> Room:
    """The open room with this code, else the one that was completed lately (its podium can still be seen).

    Raises `NoSuchRoom`, or `RoomEnded` if it failed or nobody came.
    """
    rooms = Room.objects.filter(code=normal_code(code))
    room = rooms.filter(status__in=OPEN_STATUSES).first() or rooms.order_by("-created_at").first()
    if room is None:
        raise NoSuchRoom
    if not room.is_open and (not _is_shown(room) or _long_over(room)):
        raise RoomEnded
    return room


def _is_shown(room: Room) -> bool:
    """A podium, or why a room could not be prepared (its host may try again)."""
    if room.status == Status.FAILED and room.starts_at is None:
        return get_game(room.kind).prepares
    return room.status == Status.COMPLETED


def _long_over(room: Room) -> bool:
    return room.ended_at is None or room.ended_at < timezone.now() - PODIUM_TIME


def read_room(room_id: UUID) -> RoomRecord:
    """A room with its held seats, all of one moment."""
    with snapshot():
        room = Room.objects.select_related("next_room").filter(pk=room_id).first()
        if room is None:
            raise NoSuchRoom
        rows = Seat.objects.filter(Q(slot__isnull=False) | Q(kicked_at__isnull=False), room=room)
        seats = list(rows.select_related("user").order_by("slot"))
    return RoomRecord(
        id=room.id,
        code=room.code,
        kind=room.kind,
        title=room.title,
        visibility=room.visibility,
        status=room.status,
        locked=room.locked,
        capacity=room.capacity,
        settings=room.settings,
        host_id=room.host_id,
        starts_at=_ms(room.starts_at),
        ends_at=_ms(room.ends_at),
        results=room.results,
        next_code=room.next_room.code if room.next_room else None,
        failure=room.failure,
        version=room.version,
        epoch=room.epoch,
        seats=tuple(_seat_record(seat, seat.slot) for seat in seats if seat.slot is not None),
        kicked=frozenset(seat.user_id for seat in seats if seat.kicked_at is not None),
    )


def room_versions(room_ids: Collection[UUID]) -> dict[UUID, int]:
    """How often each of these rooms changed."""
    return dict(Room.objects.filter(pk__in=room_ids).values_list("id", "version"))


def _seat_record(seat: Seat, slot: int) -> SeatRecord:
    return SeatRecord(
        seat_id=seat.pk,
        user_id=seat.user_id,
        slot=slot,
        name=seat.name,
        colour=seat.colour,
        mark=seat.mark,
        handle=seat.user.handle,
        is_guest=seat.user.is_guest,
        held_until=_ms(seat.seen_at + HOLD) or 0,
        connected=seat.away_at is None and seat.seen_at >= timezone.now() - CONNECTED,
    )


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1000)


def with_people(rooms: QuerySet[Room]) -> QuerySet[Any]:
    """Rooms with `people`: how many seats are held."""
    held = Q(seats__slot__isnull=False, seats__seen_at__gte=timezone.now() - HOLD)
    return rooms.annotate(people=Count("seats", filter=held))


def lobby_rooms() -> list[dict[str, Any]]:
    """The public rooms that one can join, most people first, as the lobby shows them."""
    rooms = Room.objects.filter(
        status__in=OPEN_STATUSES, visibility=Visibility.PUBLIC, kind__in=[game.kind for game in all_games()]
    )
    rows = with_people(rooms).order_by("locked", "-people", "-created_at")[:LOBBY_ROWS]
    return [_lobby_row(room, room.people) for room in rows]


def _lobby_row(room: Room, people: int) -> dict[str, Any]:
    bots = get_game(room.kind).bots(check_settings(room.kind, room.settings), people)
    return {
        "code": room.code,
        "title": room.title,
        "kind": room.kind,
        "game": get_game(room.kind).title,
        "players": people,
        "bots": bots,
        "capacity": room.capacity,
        "status": room.status,
        "locked": room.locked,
    }


def quick_rooms(*, kind: str) -> QuerySet[Room]:
    """Running public rooms with a free slot: endless ones first, then most people."""
    running = Room.objects.filter(
        kind=kind, visibility=Visibility.PUBLIC, status=Status.IN_PROGRESS, locked=False
    )
    free = with_people(running).filter(people__lt=F("capacity"))
    return free.annotate(timed=Count("ends_at")).order_by("timed", "-people", "created_at", "id")


def exhibition_room(*, kind: str) -> Room | None:
    """The oldest public room without host or deadline."""
    return (
        Room.objects.filter(
            kind=kind,
            visibility=Visibility.PUBLIC,
            status=Status.IN_PROGRESS,
            host=None,
            ends_at=None,
            locked=False,
        )
        .order_by("created_at", "id")
        .first()
    )


def overdue_rooms(*, now: datetime, grace: timedelta) -> list[UUID]:
    """Rounds whose deadline passed so long ago that their host process must be gone."""
    late = Room.objects.filter(status=Status.IN_PROGRESS, ends_at__lt=now - grace)
    return list(late.values_list("id", flat=True))


def abandoned_rooms(*, now: datetime) -> QuerySet[Room]:
    """Open rooms past their expiry in which nobody sits; the exhibition of each game stays."""
    shown = [exhibition_room(kind=game.kind) for game in all_games() if game.hostless]
    kept = [room.id for room in shown if room is not None]
    old = Room.objects.filter(status__in=OPEN_STATUSES, expires_at__lt=now)
    return with_people(old).filter(people=0).exclude(id__in=kept)


def rooms_with_expired_seats(*, now: datetime) -> list[UUID]:
    """Open rooms where somebody's seat is held no longer."""
    seats = Seat.objects.filter(slot__isnull=False, seen_at__lt=now - HOLD, room__status__in=OPEN_STATUSES)
    return list(seats.values_list("room_id", flat=True).distinct())


def connected(*, now: datetime) -> Q:
    """Seats whose players have a socket open, in whatever process."""
    return Q(slot__isnull=False, away_at=None, seen_at__gte=now - CONNECTED)


def deserted_by_their_host(*, now: datetime) -> QuerySet[Room]:
    """Open rooms with people whose host, if any, has neither a seat nor, for a minute now, a screen."""
    kinds = [game.kind for game in all_games() if game.host_watches]
    seats = Seat.objects.filter(connected(now=now), room=OuterRef("pk"))
    held = Seat.objects.filter(room=OuterRef("pk"), user=OuterRef("host"), slot__isnull=False)
    rooms = Room.objects.filter(
        Q(host_seen_at=None) | Q(host_seen_at__lt=now - HOLD),
        kind__in=kinds,
        status__in=OPEN_STATUSES,
        created_at__lt=now - HOLD,
    )
    return rooms.filter(Exists(seats), ~Exists(held))


def room_names(room_ids: set[UUID]) -> dict[UUID, str]:
    """How rooms are called on other pages, such as `BCDFGH · The open kitchen`."""
    rooms = Room.objects.filter(pk__in=room_ids).values_list("id", "code", "title")
    return {room_id: f"{code} · {title}" for room_id, code, title in rooms}


def room_by_any_code(code: str) -> UUID | None:
    """The newest room that has or had this code; codes are given again once a room is over."""
    return Room.objects.filter(code=code).order_by("-created_at").values_list("id", flat=True).first()


def addresses_of(room_ids: Collection[UUID]) -> dict[UUID, str]:
    """The pages of those of these rooms that are open: a code is given again once its room is over."""
    rooms = Room.objects.filter(pk__in=room_ids, status__in=OPEN_STATUSES).values_list("id", "code")
    return {room_id: reverse("room", args=[code]) for room_id, code in rooms}
