"""New rooms."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from rooms.codes import random_code
from rooms.errors import HostOnly, NotNow
from rooms.games import get_game
from rooms.models import Room, Seat, Status, Visibility
from rooms.services.changing import locked_room, publish, touch_room
from rooms.services.seating import held, sit_down
from rooms.settings_check import check_settings

CODE_ATTEMPTS = 20
EMPTY_TIME = timedelta(minutes=5)
TITLE_LENGTH = 60
REMATCH_SECONDS = 30


def create_room(
    *,
    kind: str,
    settings: dict[str, Any],
    host: User | None,
    title: str = "",
    visibility: str = Visibility.PUBLIC,
    running: bool = False,
) -> Room:
    """Open a room; `BadSettings` names each field that does not fit. `running` skips lobby and countdown."""
    decoded = check_settings(kind, settings)
    game = get_game(kind)
    now = timezone.now()
    room = Room(
        kind=kind,
        title=_title(title, host),
        visibility=Visibility(visibility),
        host=host,
        settings=settings_as_json(decoded),
        capacity=game.capacity(decoded),
        status=Status.PREPARING if game.prepares else Status.LOBBY,
        created_at=now,
        expires_at=now + EMPTY_TIME,
    )
    if running:
        room.status, room.starts_at = Status.IN_PROGRESS, now
        room.ends_at = round_end(now, game.round_seconds(decoded))
    with transaction.atomic():
        insert_with_free_code(room)
        publish("ROOM_CREATED", room, actor=host.pk if host else None)
        if running:
            publish("ROOM_STARTED", room)
    return room


def rematch(*, room_id: UUID, by: User) -> Room:
    """A new room like the old one. Everybody still there has a place kept for some seconds; twice is once."""
    with transaction.atomic():
        old = locked_room(room_id)
        if old.host_id != by.pk:
            raise HostOnly
        if old.next_room is not None:
            return old.next_room
        if old.status != Status.COMPLETED:
            raise NotNow("Finish this round first, then go again.")
        new = create_room(
            kind=old.kind, settings=old.settings, host=by, title=old.title, visibility=old.visibility
        )
        _bring_along(old, new)
        Room.objects.filter(pk=old.pk).update(next_room=new)
        touch_room(old)
    return new


def settings_as_json(decoded: Any) -> dict[str, Any]:
    built: dict[str, Any] = msgspec.to_builtins(decoded)
    return built


def round_end(starts_at: datetime, seconds: int) -> datetime | None:
    """The deadline of a round of so many seconds; none if it is endless (0)."""
    return starts_at + timedelta(seconds=seconds) if seconds else None


def _bring_along(old: Room, new: Room) -> None:
    people = Seat.objects.filter(held(timezone.now()), room=old, user__banned_at=None, user__is_active=True)
    for seat in people.select_related("user").order_by("slot"):
        sit_down(room=new, user=seat.user, seconds=REMATCH_SECONDS)


def _title(title: str, host: User | None) -> str:
    title = " ".join(title.split())[:TITLE_LENGTH]
    return title or (f"{host.name}'s kitchen"[:TITLE_LENGTH] if host else "The open kitchen")


def insert_with_free_code(room: Room, *, update: bool = False) -> None:
    """Codes are unique among open rooms by constraint; another is drawn if the room's own is taken."""
    for attempt in range(CODE_ATTEMPTS):
        if attempt or not room.code:
            room.code = random_code()
        try:
            with transaction.atomic():
                room.save(force_insert=not update, force_update=update)
            return
        except IntegrityError:
            if attempt == CODE_ATTEMPTS - 1:
                raise
