"""Who sits where. A slot is unique in its room by constraint; it is held while `seen_at` is young enough."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import NAME_LENGTH, User
from rooms import selectors
from rooms.errors import Banned, HostOnly, Kicked, NoSuchSeat, RoomEnded, RoomFull, RoomLocked
from rooms.games import get_game
from rooms.models import OPEN_STATUSES, Room, Seat, Status
from rooms.services.changing import locked_room, publish, tell, touch_room

HOLD_SECONDS = 60
RESERVE_SECONDS = 15
ATTEMPTS = 3


def held(now: datetime) -> Q:
    """Seats that are taken at `now`."""
    return Q(slot__isnull=False, seen_at__gte=now - timedelta(seconds=HOLD_SECONDS))


def take_seat(*, room_id: UUID, user: User, seconds: int = HOLD_SECONDS) -> Seat:
    """Seat a user in the lowest free slot, or give the seat back that is still held for them.

    The seat is then held for `seconds`, longer if a socket refreshes it. Raises `Banned`, `Kicked`,
    `RoomEnded`, `RoomLocked` or `RoomFull`. Safe to run at once with others: the constraint seats people.
    """
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                room = locked_room(room_id)
                # As they are now: a socket's user is as old as its request, and may be banned since.
                return sit_down(room=room, user=User.objects.get(pk=user.pk), seconds=seconds)
        except IntegrityError:
            if attempt == ATTEMPTS - 1:
                raise
    raise RoomFull


def reserve_seat(*, room_id: UUID, user: User) -> Seat:
    """Keep a seat while the browser opens its socket."""
    return take_seat(room_id=room_id, user=user, seconds=RESERVE_SECONDS)


def sit_down(*, room: Room, user: User, seconds: int) -> Seat:
    """`take_seat` in the caller's transaction, which has locked the room."""
    now = timezone.now()
    freed = _free(room, now)
    seat = Seat.objects.filter(room=room, user=user).first()
    _refuse(room, user, seat)
    seen_at = now - timedelta(seconds=HOLD_SECONDS - seconds)
    if seat is not None and seat.slot is not None:
        Seat.objects.filter(pk=seat.pk, seen_at__lt=seen_at).update(seen_at=seen_at, away_at=None)
    else:
        seat = _new_place(room, user, seat, now=now, seen_at=seen_at)
        freed = True
    if freed:
        touch_room(room)
    return seat


def leave(*, room_id: UUID, user_id: int) -> None:
    """Give the seat up at once. Not sitting there is fine."""
    with transaction.atomic():
        room = locked_room(room_id)
        if _empty(Seat.objects.filter(room=room, user_id=user_id, slot__isnull=False), timezone.now()):
            _pass_host_on(room)
            touch_room(room)


def leave_everywhere(*, user_id: int) -> None:
    """Give up every seat of a user, who was banned."""
    rooms = Seat.objects.filter(user_id=user_id, slot__isnull=False).values_list("room_id", flat=True)
    for room_id in list(rooms):
        leave(room_id=room_id, user_id=user_id)


def kick(*, room_id: UUID, slot: int, by: int | None) -> None:
    """Send whoever sits in `slot` away, for good. `by`: the host's user id; None for an operator."""
    with transaction.atomic():
        room = locked_room(room_id)
        if by is not None and room.host_id != by:
            raise HostOnly
        seat = Seat.objects.filter(room=room, slot=slot).first()
        if seat is None:
            raise NoSuchSeat
        if seat.user_id == by:
            raise HostOnly("You cannot kick yourself. Leaving is a door further down.")
        now = timezone.now()
        Seat.objects.filter(pk=seat.pk).update(slot=None, left_at=now, kicked_at=now)
        _pass_host_on(room)
        touch_room(room)
        tell(f"room.{room_id}", {"kind": "kick", "user": str(seat.user_id)})


def let_go(*, seat_id: int, at: datetime) -> None:
    """A player's socket dropped at `at`: the seat is held from then on, unless they were seen again since."""
    Seat.objects.filter(pk=seat_id, slot__isnull=False, seen_at__lt=at).update(seen_at=at, away_at=at)


def free_expired_seats(*, room_id: UUID) -> int:
    """Free the seats whose players stayed away too long, and pass hosting on if the host did."""
    with transaction.atomic():
        room = locked_room(room_id)
        freed = _free(room, timezone.now())
        if freed:
            touch_room(room)
        return freed


def follow_profile(*, user_id: int) -> None:
    """Show a player's new name and looks in the rooms where they sit."""
    open_seats = Seat.objects.filter(user=user_id, slot__isnull=False, room__status__in=OPEN_STATUSES)
    for room_id in list(open_seats.values_list("room_id", flat=True)):
        with transaction.atomic():
            room = locked_room(room_id)
            # Read behind the lock: of two that follow one player at once, the later knows the newer name.
            user = User.objects.get(pk=user_id)
            seat = Seat.objects.get(room=room, user=user)
            name = _free_name(user.name, _names(room, but=seat.pk))
            looks = {"name": name, "colour": user.colour, "mark": user.mark}
            if any(getattr(seat, field) != value for field, value in looks.items()):
                Seat.objects.filter(pk=seat.pk).update(**looks)
                touch_room(room)


def _refuse(room: Room, user: User, seat: Seat | None) -> None:
    """Whoever sits keeps the seat, in a locked room and after the round too."""
    if user.banned_at is not None or not user.is_active:
        raise Banned
    if seat is not None and seat.kicked_at is not None:
        raise Kicked
    sits = seat is not None and seat.slot is not None
    if not room.is_open and not (sits and room.status == Status.COMPLETED):
        raise RoomEnded
    returns = seat is not None and get_game(room.kind).keeps_places
    if room.locked and not sits and not returns and room.host_id != user.pk:
        raise RoomLocked


def _new_place(room: Room, user: User, seat: Seat | None, *, now: datetime, seen_at: datetime) -> Seat:
    seat = seat or Seat(room=room, user=user)
    seat.slot = _lowest_free_slot(room)
    seat.name = _free_name(user.name, _names(room, but=seat.pk))
    seat.colour, seat.mark = user.colour, user.mark
    seat.joined_at, seat.seen_at, seat.left_at, seat.away_at = now, seen_at, None, None
    seat.save()
    return seat


def _lowest_free_slot(room: Room) -> int:
    taken = set(Seat.objects.filter(room=room, slot__isnull=False).values_list("slot", flat=True))
    slot = next((slot for slot in range(room.capacity) if slot not in taken), None)
    if slot is None:
        raise RoomFull
    return slot


def _names(room: Room, *, but: int | None) -> set[str]:
    return set(Seat.objects.filter(room=room).exclude(pk=but or 0).values_list("name", flat=True))


def _free_name(name: str, taken: Iterable[str]) -> str:
    """The name itself, or with the first number that makes it unique."""
    free, number = name[:NAME_LENGTH], 1
    while free in taken:
        number += 1
        suffix = f" {number}"
        free = name[: NAME_LENGTH - len(suffix)] + suffix
    return free


def _free(room: Room, now: datetime) -> int:
    expired = Seat.objects.filter(room=room, slot__isnull=False).exclude(held(now))
    freed = _empty(expired, now)
    if freed:
        _pass_host_on(room)
    return freed


def _empty(seats: "QuerySet[Seat]", now: datetime) -> int:
    return seats.update(slot=None, left_at=now)


def _pass_host_on(room: Room) -> None:
    """A host who sat here and left hands over to the longest-seated, unless their screen is on (a sweep looks
    after those that go dark); an empty room keeps its host."""
    if room.host_id is None or (not room.is_open and room.status != Status.COMPLETED):
        return
    if room.host_seen_at is not None and room.host_seen_at >= timezone.now() - selectors.CONNECTED:
        return
    if Seat.objects.filter(room=room, user_id=room.host_id, slot__isnull=True).exists():
        hand_over(room)


def hand_over(room: Room) -> None:
    """Who sits here longest hosts from now on, if anybody does. The caller has locked the room."""
    heir = Seat.objects.filter(held(timezone.now()), room=room).order_by("joined_at", "slot").first()
    if heir is not None:
        Room.objects.filter(pk=room.pk).update(host_id=heir.user_id)
        room.host_id = heir.user_id
        publish("ROOM_UPDATED", room, actor=heir.user_id, reason="A new host took over.")
