"""A browser comes in: who is let in, what they see first, and how the others hear of it."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from rooms import services
from rooms.database import in_thread
from rooms.models import Room, Seat
from tests.rooms.conftest import Connect, session_cookie

pytestmark = pytest.mark.django_db(transaction=True)


async def test_the_host_sees_the_whole_state_first(connect: Connect, room: Room, alice: User) -> None:
    page = await connect(alice, room)
    assert page.first["room"]["code"] == room.code
    assert page.first["you"] == {"slot": 0, "handle": "alice", "is_host": True, "is_guest": True}
    assert page.first["seats"] == [{"slot": 0, "name": "Alice", "colour": 0, "mark": 0, "connected": True}]


async def test_others_hear_of_a_new_player(connect: Connect, room: Room, alice: User, bob: User) -> None:
    hers = await connect(alice, room)
    await connect(bob, room)
    assert (await hers.event("seat.joined"))["seat"]["name"] == "Bob"
    assert await hers.event("seat.connection") == {"event": "seat.connection", "slot": 1, "connected": True}


async def test_a_visitor_without_a_session_is_asked_to_play_as_a_guest(connect: Connect, room: Room) -> None:
    assert await (await connect(None, room, refused=True)).closed() == 4401


async def test_an_expired_session_is_no_session(connect: Connect, room: Room, alice: User) -> None:
    cookie = await in_thread(session_cookie, alice)
    await in_thread(Session.objects.update, expire_date=timezone.now() - timedelta(seconds=1))
    assert await (await connect(None, room, cookie=cookie, refused=True)).closed() == 4401
    assert (await connect(None, room, cookie=cookie, watch=True)).first["you"] is None


async def test_a_visitor_without_a_session_may_watch(connect: Connect, room: Room) -> None:
    page = await connect(None, room, watch=True)
    assert page.first["you"] is None


async def test_an_unknown_code_is_told_so(connect: Connect, alice: User) -> None:
    assert await (await connect(alice, "BBBBBB", refused=True)).closed() == 4404


async def test_a_full_room_offers_to_watch(
    connect: Connect, room: Room, alice: User, bob: User, charlie: User
) -> None:
    await in_thread(Room.objects.filter(pk=room.pk).update, capacity=2)
    await connect(alice, room)
    await connect(bob, room)
    assert await (await connect(charlie, room, refused=True)).closed() == 4423
    assert (await connect(charlie, room, watch=True)).first["you"] is None


async def test_a_locked_room_lets_nobody_new_in(connect: Connect, room: Room, alice: User, bob: User) -> None:
    await in_thread(services.lock, room_id=room.id, locked=True, by=alice.pk)
    assert await (await connect(bob, room, refused=True)).closed() == 4423


async def test_a_kicked_player_stays_out(connect: Connect, room: Room, alice: User, bob: User) -> None:
    hers, his = await connect(alice, room), await connect(bob, room)
    assert (await hers.ask("room.kick", slot=1))["ok"]
    assert await his.closed() == 4403
    assert await (await connect(bob, room, refused=True)).closed() == 4403


async def test_a_banned_player_stays_out(connect: Connect, room: Room, bob: User) -> None:
    from accounts.services import ban

    await in_thread(ban, user=bob, reason="rude")
    assert await (await connect(bob, room, refused=True)).closed() in (4401, 4403)


async def test_an_ended_room_shows_its_podium(connect: Connect, room: Room, alice: User, bob: User) -> None:
    await in_thread(services.take_seat, room_id=room.id, user=alice)
    await in_thread(services.end, room_id=room.id, by=alice.pk)
    page = await connect(bob, room)
    assert page.first["you"] is None
    assert page.first["room"]["status"] == "COMPLETED"
    assert [row["name"] for row in page.first["room"]["results"]["rows"]] == ["Alice"]


async def test_an_expired_room_is_gone(connect: Connect, room: Room, bob: User) -> None:
    await in_thread(Room.objects.filter(pk=room.pk).update, expires_at=timezone.now() - timedelta(seconds=1))
    await in_thread(services.expire, room_id=room.id)
    assert await (await connect(bob, room, refused=True)).closed() == 4404


async def test_a_second_tab_is_refused(connect: Connect, room: Room, alice: User) -> None:
    first = await connect(alice, room)
    assert await (await connect(alice, room, refused=True)).closed() == 4409
    assert (await first.ask("ping"))["ok"]


async def test_a_second_tab_may_take_over(connect: Connect, room: Room, alice: User) -> None:
    first = await connect(alice, room)
    second = await connect(alice, room, takeover=True)
    assert await first.closed() == 4410
    assert second.first["you"]["slot"] == 0
    assert (await second.state())["seats"][0]["connected"]


async def test_whoever_comes_back_keeps_the_seat(
    connect: Connect, room: Room, alice: User, bob: User
) -> None:
    hers, his = await connect(alice, room), await connect(bob, room)
    await his.disconnect()
    assert await hers.until(lambda m: m.get("event") == "seat.connection" and not m["connected"])
    back = await connect(bob, room)
    assert back.first["you"]["slot"] == 1
    assert await in_thread(Seat.objects.filter(room=room, slot__isnull=False).count) == 2


async def test_a_foreign_page_cannot_open_a_socket(connect: Connect, room: Room, alice: User) -> None:
    with pytest.raises(AssertionError):
        await connect(alice, room, origin="https://evil.example")
