"""A quiz's host has a seat or a screen, or both; without either hosting passes on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from rooms import services
from rooms.database import in_thread
from rooms.models import Room, Seat
from rooms.tasks import sweep_rooms
from tests.support.waiting import eventually
from tests.trivia.conftest import Connect, Open

pytestmark = pytest.mark.django_db(transaction=True)


def host_of(room: Room) -> User | None:
    return Room.objects.select_related("host").get(pk=room.pk).host


def lose(room: Room, user: User) -> None:
    """The user's phone has been away for longer than a seat is held."""
    Seat.objects.filter(room=room, user=user).update(seen_at=timezone.now() - timedelta(minutes=2))
    services.free_expired_seats(room_id=room.id)


@pytest.fixture
def room(open_room: Open, alice: User, bob: User) -> Room:
    """Alice hosts and plays from her phone, as bob does."""
    room = open_room()
    for user in (alice, bob):
        services.take_seat(room_id=room.id, user=user)
    return room


async def on_the_screen(room: Room) -> None:
    async def is_seen() -> bool:
        return await in_thread(lambda: Room.objects.get(pk=room.pk).host_seen_at is not None)

    await eventually(is_seen, what="the screen to be seen")


@pytest.mark.parametrize("gone", [services.leave, None])
async def test_a_host_whose_phone_is_gone_still_hosts_from_the_screen(
    connect: Connect, room: Room, alice: User, bob: User, gone: object
) -> None:
    await connect(alice, room, watch=True)
    await on_the_screen(room)
    if gone:
        await in_thread(services.leave, room_id=room.id, user_id=alice.pk)
    else:
        await in_thread(lose, room, alice)
    assert await in_thread(host_of, room) == alice
    await in_thread(sweep_rooms)
    assert await in_thread(host_of, room) == alice


async def test_a_host_with_a_phone_alone_hands_over_on_leaving(
    connect: Connect, room: Room, alice: User, bob: User
) -> None:
    page = await connect(alice, room)
    await page.ask("room.leave")
    assert await in_thread(host_of, room) == bob


def test_a_screen_that_is_dark_for_a_minute_hosts_no_longer(room: Room, alice: User, bob: User) -> None:
    long_ago = timezone.now() - timedelta(seconds=61)
    Room.objects.filter(pk=room.pk).update(host_seen_at=long_ago, created_at=long_ago)
    Seat.objects.filter(room=room, user=bob).update(seen_at=timezone.now())
    lose(room, alice)
    assert host_of(room) == bob
