"""Many at once, on real threads and real connections: the database seats people."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from rooms import errors, services
from rooms.models import Room, Seat, Status
from tests.support.people import make_player

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment; their results, or the refusals they met."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return call()
        except errors.RoomError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def test_capacity_never_overshoots(room: Room) -> None:
    players = [make_player(f"Player{number}") for number in range(10)]
    results = at_once(*(lambda user=user: services.take_seat(room_id=room.id, user=user) for user in players))
    slots = sorted(seat.slot for seat in results if isinstance(seat, Seat))
    assert slots == [0, 1, 2]
    assert sum(isinstance(result, errors.RoomFull) for result in results) == 7
    assert Seat.objects.filter(room=room, slot__isnull=False).count() == 3


def test_a_player_who_joins_twice_at_once_gets_one_seat(room: Room, bob: User) -> None:
    results = at_once(*[lambda: services.take_seat(room_id=room.id, user=bob)] * 6)
    assert {seat.slot for seat in results} == {0}
    assert Seat.objects.filter(room=room).count() == 1


def test_a_round_is_ended_once_whoever_is_first(room: Room, alice: User) -> None:
    services.start(room_id=room.id, by=alice.pk)
    results = at_once(
        *[lambda: services.complete(room_id=room.id, results={"rows": []})] * 4,
        lambda: services.end(room_id=room.id, by=alice.pk),
        lambda: services.fail(room_id=room.id, reason="a crash"),
    )
    assert sum(isinstance(result, Room) for result in results) == 1
    assert sum(isinstance(result, errors.NotNow) for result in results) == 5


def test_joins_do_not_make_the_start_fail(room: Room, alice: User) -> None:
    players = [make_player(f"Player{number}") for number in range(3)]
    results = at_once(
        lambda: services.start(room_id=room.id, by=alice.pk),
        *(lambda user=user: services.take_seat(room_id=room.id, user=user) for user in players),
    )
    assert [result for result in results if isinstance(result, errors.RoomError)] == []
    room.refresh_from_db()
    assert room.status == Status.IN_PROGRESS


def test_two_rematches_at_once_make_one_room(room: Room, alice: User) -> None:
    services.end(room_id=room.id, by=alice.pk)
    first, second = at_once(*[lambda: services.rematch(room_id=room.id, by=alice)] * 2)
    assert first == second
    assert Room.objects.count() == 2
