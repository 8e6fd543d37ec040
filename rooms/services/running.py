"""A room's life after it was opened: start, lock, end. Each is one conditional UPDATE with its event."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from rooms import selectors
from rooms.errors import HostOnly, NotNow
from rooms.games import get_game
from rooms.models import OPEN_STATUSES, Room, Status
from rooms.services.changing import change_room, get_room, locked_room, publish
from rooms.services.creating import EMPTY_TIME, insert_with_free_code, round_end
from rooms.services.results import results_from_ledger, winner_of
from rooms.settings_check import check_settings

COUNTDOWN = timedelta(seconds=3)
FAILURE_LENGTH = 200


def start(*, room_id: UUID, by: int | None) -> Room:
    """Begin the countdown; `NotNow` unless it is in the lobby. `by`: the host's user id."""
    with transaction.atomic():
        room = get_room(room_id)
        seconds = get_game(room.kind).round_seconds(check_settings(room.kind, room.settings))
        starts_at = timezone.now() + COUNTDOWN
        times: dict[str, Any] = {"starts_at": starts_at, "ends_at": round_end(starts_at, seconds)}
        room = change_room(room_id, allowed=[Status.LOBBY], by=by, status=Status.IN_PROGRESS, **times)
        get_game(room.kind).starting(room)
        publish("ROOM_STARTED", room, actor=by)
    return room


def ready(*, room_id: UUID) -> Room:
    """What the room needs was prepared: people may come to the lobby."""
    with transaction.atomic():
        room = change_room(room_id, allowed=[Status.PREPARING], status=Status.LOBBY)
        publish("ROOM_UPDATED", room, reason="Ready.")
    return room


def prepare_again(*, room_id: UUID, by: int) -> Room:
    """Try once more with a room that failed before its round began. `by`: the host's user id."""
    with transaction.atomic():
        room = locked_room(room_id)
        if room.host_id != by:
            raise HostOnly
        if room.status != Status.FAILED or room.starts_at is not None or not get_game(room.kind).prepares:
            raise NotNow
        room.status, room.failure, room.ended_at = Status.PREPARING, "", None
        room.version, room.expires_at = room.version + 1, timezone.now() + EMPTY_TIME
        insert_with_free_code(room, update=True)
        publish("ROOM_UPDATED", room, actor=by, reason="Trying again.")
    return room


def lock(*, room_id: UUID, locked: bool, by: int | None) -> Room:
    """Let nobody new in, or everybody again."""
    with transaction.atomic():
        room = change_room(room_id, allowed=OPEN_STATUSES, by=by, locked=locked)
        publish("ROOM_UPDATED", room, actor=by, reason="Locked." if locked else "Unlocked.")
    return room


def complete(*, room_id: UUID, results: dict[str, Any] | None, epoch: int | None = None) -> Room:
    """The round is over; `NotNow` if it was before. Without `results` the ledger makes the podium."""
    return _close(room_id, [Status.IN_PROGRESS], epoch=epoch, results=results)


def end(*, room_id: UUID, by: int | None, results: dict[str, Any] | None = None) -> Room:
    """The host (or an operator: `by` None) ends the room, in whatever state it is."""
    return _close(room_id, OPEN_STATUSES, by=by, results=results)


def fail(*, room_id: UUID, reason: str) -> Room:
    """Something broke; `reason` is shown to people."""
    now = timezone.now()
    with transaction.atomic():
        room = change_room(
            room_id,
            allowed=OPEN_STATUSES,
            status=Status.FAILED,
            failure=reason[:FAILURE_LENGTH],
            ended_at=now,
        )
        get_game(room.kind).ending(room)
        publish("ROOM_FAILED", room, reason=reason[:FAILURE_LENGTH])
    return room


def expire(*, room_id: UUID) -> Room:
    """Nobody came for some minutes; `NotNow` if somebody is there after all."""
    with transaction.atomic():
        now = timezone.now()
        locked_room(room_id)
        if not selectors.abandoned_rooms(now=now).filter(pk=room_id).exists():
            raise NotNow
        room = change_room(room_id, allowed=OPEN_STATUSES, status=Status.EXPIRED, ended_at=now)
        get_game(room.kind).ending(room)
        publish("ROOM_EXPIRED", room)
    return room


def _close(
    room_id: UUID,
    allowed: tuple[Status, ...] | list[Status],
    *,
    by: int | None = None,
    epoch: int | None = None,
    results: dict[str, Any] | None,
) -> Room:
    with transaction.atomic():
        done = {"status": Status.COMPLETED, "ended_at": timezone.now()}
        room = change_room(room_id, allowed=allowed, by=by, epoch=epoch, **done)
        podium = get_game(room.kind).ending(room)
        podium = results if podium is None else podium
        room.results = podium if podium is not None else results_from_ledger(room)
        Room.objects.filter(pk=room.pk).update(results=room.results)
        publish("ROOM_COMPLETED", room, actor=by, **winner_of(room))
    return room
