"""All writes of rooms, each in one transaction. Refusals are `rooms.errors.RoomError`s."""

from rooms.services.changing import broadcast_room
from rooms.services.creating import create_room, rematch
from rooms.services.hosting import begin_hosting, keep_alive, pass_host_on, see_hosts
from rooms.services.matching import exhibition_room, quick_play
from rooms.services.running import complete, end, expire, fail, lock, prepare_again, ready, start
from rooms.services.seating import (
    follow_profile,
    free_expired_seats,
    kick,
    leave,
    leave_everywhere,
    let_go,
    reserve_seat,
    take_seat,
)

__all__ = [
    "begin_hosting",
    "broadcast_room",
    "complete",
    "create_room",
    "end",
    "exhibition_room",
    "expire",
    "fail",
    "follow_profile",
    "free_expired_seats",
    "keep_alive",
    "kick",
    "leave",
    "leave_everywhere",
    "let_go",
    "lock",
    "pass_host_on",
    "prepare_again",
    "quick_play",
    "ready",
    "rematch",
    "reserve_seat",
    "see_hosts",
    "start",
    "take_seat",
]
