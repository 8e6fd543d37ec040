"""Alice hosts, bob joins, charlie is a stranger: who sits where, and who is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from rooms import errors, services
from rooms.models import Room, Seat

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def sit(room: Room, user: User) -> int | None:
    return services.take_seat(room_id=room.id, user=user).slot


def age(room: Room, user: User, seconds: int) -> None:
    """Pretend that the user's socket dropped so long ago."""
    seen_at = timezone.now() - timedelta(seconds=seconds)
    Seat.objects.filter(room=room, user=user).update(seen_at=seen_at)


def test_everybody_gets_the_lowest_free_slot(room: Room, alice: User, bob: User, charlie: User) -> None:
    assert [sit(room, alice), sit(room, bob)] == [0, 1]
    services.leave(room_id=room.id, user_id=alice.pk)
    assert sit(room, charlie) == 0


def test_coming_back_gives_the_same_seat(room: Room, alice: User, bob: User) -> None:
    sit(room, alice)
    assert sit(room, bob) == sit(room, bob) == 1
    assert Seat.objects.filter(room=room, user=bob).count() == 1


def test_a_seat_is_held_for_a_minute_then_free(room: Room, alice: User, bob: User, charlie: User) -> None:
    Room.objects.filter(pk=room.pk).update(capacity=2)
    sit(room, alice), sit(room, bob)
    age(room, bob, 55)
    with pytest.raises(errors.RoomFull):
        sit(room, charlie)
    age(room, bob, 65)
    assert sit(room, charlie) == 1
    with pytest.raises(errors.RoomFull):
        sit(room, bob)


def test_a_reservation_counts_and_ends_after_fifteen_seconds(room: Room, alice: User, bob: User) -> None:
    before = timezone.now()
    seat = services.reserve_seat(room_id=room.id, user=bob)
    reserved_at = seat.seen_at + timedelta(seconds=60 - 15)
    assert before <= reserved_at <= timezone.now()


def test_a_reservation_never_shortens_a_hold(room: Room, bob: User) -> None:
    sit(room, bob)
    before = Seat.objects.get(room=room, user=bob).seen_at
    services.reserve_seat(room_id=room.id, user=bob)
    assert Seat.objects.get(room=room, user=bob).seen_at == before


def test_a_full_room_refuses(room: Room, alice: User, bob: User, charlie: User) -> None:
    Room.objects.filter(pk=room.pk).update(capacity=2)
    sit(room, alice), sit(room, bob)
    with pytest.raises(errors.RoomFull):
        sit(room, charlie)


def test_a_locked_room_refuses_strangers_but_not_those_who_sit(room: Room, alice: User, bob: User) -> None:
    sit(room, alice)
    services.lock(room_id=room.id, locked=True, by=alice.pk)
    with pytest.raises(errors.RoomLocked):
        sit(room, bob)
    assert sit(room, alice) == 0


def test_a_kicked_player_never_comes_back(room: Room, alice: User, bob: User) -> None:
    sit(room, alice), sit(room, bob)
    services.kick(room_id=room.id, slot=1, by=alice.pk)
    with pytest.raises(errors.Kicked):
        sit(room, bob)


def test_only_the_host_kicks_and_never_themselves(room: Room, alice: User, bob: User) -> None:
    sit(room, alice), sit(room, bob)
    with pytest.raises(errors.HostOnly):
        services.kick(room_id=room.id, slot=0, by=bob.pk)
    with pytest.raises(errors.HostOnly):
        services.kick(room_id=room.id, slot=0, by=alice.pk)
    with pytest.raises(errors.NoSuchSeat):
        services.kick(room_id=room.id, slot=2, by=alice.pk)


def test_a_banned_player_is_refused(room: Room, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(banned_at=timezone.now())
    with pytest.raises(errors.Banned):
        sit(room, User.objects.get(pk=bob.pk))


def test_an_ended_room_refuses_newcomers_but_keeps_its_seats(room: Room, alice: User, bob: User) -> None:
    sit(room, alice)
    services.end(room_id=room.id, by=alice.pk)
    with pytest.raises(errors.RoomEnded):
        sit(room, bob)
    assert sit(room, alice) == 0


def test_names_are_unique_in_a_room(room: Room, alice: User, bob: User, charlie: User) -> None:
    User.objects.update(name="A name of exactly twenty"[:24])
    seats = [
        services.take_seat(room_id=room.id, user=User.objects.get(pk=u.pk)) for u in (alice, bob, charlie)
    ]
    names = [seat.name for seat in seats]
    assert len(set(names)) == 3
    assert all(len(name) <= 24 for name in names)
    assert names[1].endswith(" 2")


def test_a_new_name_shows_in_the_rooms_where_one_sits(room: Room, bob: User) -> None:
    sit(room, bob)
    User.objects.filter(pk=bob.pk).update(name="Robert", colour=5)
    services.follow_profile(user_id=bob.pk)
    seat = Seat.objects.get(room=room, user=bob)
    assert (seat.name, seat.colour) == ("Robert", 5)


def test_hosting_passes_to_the_longest_seated(room: Room, alice: User, bob: User, charlie: User) -> None:
    for user in (alice, charlie, bob):
        sit(room, user)
    age(room, alice, 61)
    services.free_expired_seats(room_id=room.id)
    room.refresh_from_db()
    assert room.host == charlie


def test_a_host_who_only_watches_stays_host(room: Room, alice: User, bob: User) -> None:
    sit(room, bob)
    services.free_expired_seats(room_id=room.id)
    room.refresh_from_db()
    assert room.host == alice


def test_every_change_of_seats_counts_a_version(
    room: Room, alice: User, bob: User, django_capture_on_commit_callbacks: Any, told: list[Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sit(room, alice), sit(room, bob)
        services.leave(room_id=room.id, user_id=bob.pk)
    room.refresh_from_db()
    assert room.version == 4
    assert (f"room.{room.id}", {"kind": "room", "version": 4}) in told
    assert ("lobby", {"kind": "rooms"}) in told
