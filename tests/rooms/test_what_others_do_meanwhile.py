"""What changes between a look and what is done about it, and what is said while nobody listens yet."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

import accounts.services
import events.selectors
from accounts.models import User
from rooms import errors, selectors, services
from rooms.database import in_thread
from rooms.errors import Close
from rooms.feeds import Feed
from rooms.hub import Hub
from rooms.models import Room, Seat, Status
from rooms.records import RoomRecord
from rooms.sockets import Socket
from tests.rooms.conftest import Connect
from tests.support.meanwhile import meanwhile
from tests.support.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)

both_databases = pytest.mark.both_databases


# --- the database ---------------------------------------------------------------------------------


@both_databases
def test_a_read_while_the_host_leaves_is_of_one_moment(room: Room, alice: User, bob: User) -> None:
    for user in (alice, bob):
        services.take_seat(room_id=room.id, user=user)
    with meanwhile(lambda: services.leave(room_id=room.id, user_id=alice.pk), before=Seat) as left:
        record = selectors.read_room(room.id)
    assert left
    assert record.host_id in {seat.user_id for seat in record.seats}


@both_databases
def test_of_two_names_at_once_the_newer_one_stays_on_the_seat(room: Room, bob: User) -> None:
    def rename_again() -> None:
        accounts.services.rename(user=User.objects.get(pk=bob.pk), name="Newer")
        services.follow_profile(user_id=bob.pk)

    seat = services.take_seat(room_id=room.id, user=bob)
    accounts.services.rename(user=bob, name="Newish")
    with meanwhile(rename_again, before=Seat) as renamed:
        services.follow_profile(user_id=bob.pk)
    assert renamed
    seat.refresh_from_db()
    assert seat.name == "Newer"


def test_who_was_banned_since_their_request_came_gets_no_seat(room: Room, bob: User) -> None:
    accounts.services.ban(user=User.objects.get(pk=bob.pk), reason="rude")
    with pytest.raises(errors.Banned):
        services.take_seat(room_id=room.id, user=bob)


def test_who_was_renamed_since_their_request_came_sits_under_the_new_name(room: Room, bob: User) -> None:
    accounts.services.rename(user=User.objects.get(pk=bob.pk), name="Bobby")
    assert services.take_seat(room_id=room.id, user=bob).name == "Bobby"


def test_a_rematch_leaves_the_banned_behind(room: Room, alice: User, bob: User) -> None:
    for user in (alice, bob):
        services.take_seat(room_id=room.id, user=user)
    services.end(room_id=room.id, by=alice.pk)
    accounts.services.ban(user=bob, reason="rude")
    new = services.rematch(room_id=room.id, by=alice)
    assert list(new.seats.values_list("user_id", flat=True)) == [alice.pk]


def test_a_room_that_somebody_came_into_after_the_sweep_looked_stays_open(room: Room, bob: User) -> None:
    Room.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert [room.id] == [found.id for found in selectors.abandoned_rooms(now=timezone.now())]
    services.take_seat(room_id=room.id, user=bob)
    with pytest.raises(errors.NotNow):
        services.expire(room_id=room.id)
    room.refresh_from_db()
    assert room.status == Status.LOBBY


def test_a_page_that_was_opened_again_is_not_let_go_for_the_old_one(room: Room, bob: User) -> None:
    """The old socket's end may be noted after the new one sat down."""
    dropped = timezone.now()
    seat = services.take_seat(room_id=room.id, user=bob)
    services.let_go(seat_id=seat.pk, at=dropped)
    assert Seat.objects.filter(selectors.connected(now=timezone.now()), pk=seat.pk).exists()


def test_who_dropped_after_the_heartbeat_looked_stays_away(room: Room, bob: User) -> None:
    seat = services.take_seat(room_id=room.id, user=bob)
    looked = timezone.now()
    services.let_go(seat_id=seat.pk, at=timezone.now())
    services.keep_alive(seat_ids=[seat.pk], room_ids=[room.id], at=looked)
    assert not Seat.objects.filter(selectors.connected(now=timezone.now()), pk=seat.pk).exists()


# --- rooms that are opened and closed -------------------------------------------------------------


async def test_what_is_said_of_a_room_while_it_is_opened_is_read_again(
    connect: Connect, hub: Hub, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, read = asyncio.get_running_loop(), selectors.read_room

    def changed_meanwhile(room_id: UUID) -> RoomRecord:
        record = read(room_id)
        monkeypatch.setattr(selectors, "read_room", read)
        Room.objects.filter(pk=room_id).update(title="Sunday", version=record.version + 1)
        loop.call_soon_threadsafe(hub.host.following.hear, room_id, {"kind": "room"})
        return record

    monkeypatch.setattr(selectors, "read_room", changed_meanwhile)
    page = await connect(None, await in_thread(_completed, room), watch=True)
    assert (await page.told("room.changed"))["room"]["title"] == "Sunday"


async def test_scores_that_are_told_while_a_room_is_opened_are_read_again(
    connect: Connect, hub: Hub, room: Room, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, totals = asyncio.get_running_loop(), {bob.pk: 10}

    def scored_meanwhile(room_id: UUID) -> dict[int, int]:
        before = totals.copy()
        totals[bob.pk] = 30
        loop.call_soon_threadsafe(hub.host.following.hear, room_id, {"kind": "scores", "players": {}})
        monkeypatch.setattr(events.selectors, "room_totals", lambda room_id: totals)
        return before

    monkeypatch.setattr(events.selectors, "room_totals", scored_meanwhile)
    await connect(None, await in_thread(_completed, room), watch=True)
    live = hub.host.rooms[room.id]
    await eventually(lambda: live.points == {bob.pk: 30}, what="the newer points")


async def test_a_room_that_is_opened_while_it_is_closed_keeps_its_new_lease(
    connect: Connect, hub: Hub, room: Room, alice: User, redis_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await connect(alice, room)).disconnect()
    leases, releasing, go_on = hub.host.leases, asyncio.Event(), asyncio.Event()
    take, release, order = leases.take, leases.release, []

    async def take_noted(room_id: UUID) -> bool:
        order.append("taken")
        return await take(room_id)

    async def release_slowly(room_id: UUID) -> None:
        releasing.set()
        await go_on.wait()
        await release(room_id)
        order.append("released")

    monkeypatch.setattr(leases, "take", take_noted)
    monkeypatch.setattr(leases, "release", release_slowly)
    closing = asyncio.create_task(hub.host.close(hub.host.rooms[room.id]))
    await releasing.wait()
    opening = asyncio.create_task(hub.host.open(room.id))
    await _turns_of_the_loop()
    go_on.set()
    await closing
    live = await opening
    assert hub.host.rooms[room.id] is live
    assert order == ["released", "taken"]
    assert await in_thread(redis_client.exists, f"sp:lease:{room.id}")


async def test_a_room_that_is_entered_while_it_is_to_be_closed_stays(
    connect: Connect, hub: Hub, room: Room, alice: User
) -> None:
    page = await connect(alice, room)
    live = hub.host.rooms[room.id]
    await page.disconnect()
    async with hub.host.following.lock(room.id):
        closing = asyncio.create_task(hub.host.close_empty(-1))
        await _turns_of_the_loop()
        hub.host.enter(live, Socket(send=_ignore, drop=lambda: None), as_player=False)
    await closing
    assert hub.host.rooms[room.id] is live


async def test_a_database_that_is_away_while_a_room_is_opened_does_not_fail_it(
    connect: Connect, hub: Hub, room: Room, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from tests.rooms.echo import LiveEcho

    async def away(self: LiveEcho, bus: Any) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr(LiveEcho, "begin", away)
    assert await (await connect(alice, room, refused=True)).closed() == Close.GOING_AWAY
    assert (await in_thread(selectors.read_room, room.id)).status == Status.LOBBY


# --- bans -----------------------------------------------------------------------------------------


@pytest.fixture
def _unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    """The word of accounts' changes is lost."""
    monkeypatch.setattr(accounts.services, "broadcast", lambda topic, message: None)


@pytest.mark.usefixtures("_unheard")
async def test_who_is_banned_before_anybody_listens_is_shut_out_all_the_same(
    connect: Connect, hub: Hub, room: Room, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen = hub.bus.listen

    async def banned_meanwhile(topic: str, listener: Any) -> None:
        if topic == f"user.{bob.pk}":
            await in_thread(accounts.services.ban, user=bob, reason="rude")
        await listen(topic, listener)

    monkeypatch.setattr(hub.bus, "listen", banned_meanwhile)
    assert await (await connect(bob, room)).closed() == Close.FORBIDDEN
    held = Seat.objects.filter(user=bob, slot__isnull=False)
    await eventually(lambda: in_thread(lambda: not held.exists()), what="the seat to be given up")


@pytest.mark.usefixtures("_unheard")
async def test_who_was_banned_while_messages_were_lost_is_shut_out_when_that_is_noticed(
    connect: Connect, hub: Hub, room: Room, alice: User, bob: User
) -> None:
    hers, his = await connect(alice, room), await connect(bob, room)
    await eventually(lambda: not hub._unsure, what="the first look for bans")
    await in_thread(accounts.services.ban, user=bob, reason="rude")
    hub.bus.on_gap()
    assert await his.closed() == Close.FORBIDDEN
    assert (await hers.event("seat.left"))["slot"] == 1


# --- lists ----------------------------------------------------------------------------------------


class Page:
    """A socket that keeps what it was sent."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def send(self, message: dict[str, Any]) -> None:
        self.seen.append(message["rows"])

    def deliver(self, message: Any) -> None:
        self.seen.append(message["rows"])


async def test_a_list_that_was_read_before_a_change_is_not_sent_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rooms.feeds.text_frame", lambda message: message)
    rows, slow = ["old"], asyncio.Event()

    async def read() -> dict[str, Any]:
        found = list(rows)
        if found == ["old"]:
            await slow.wait()
        return {"rows": found}

    feed, page = Feed(read, pause_seconds=0), Page()
    entering = asyncio.create_task(feed.enter(page))  # type: ignore[arg-type]
    await _turns_of_the_loop()
    rows[:] = ["new"]
    feed.changed()
    await eventually(lambda: page.seen, what="the change")
    slow.set()
    await entering
    await feed.stop()
    assert page.seen[-1] == ["new"]


async def test_a_list_that_could_not_be_read_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rooms.feeds.text_frame", lambda message: message)
    reads = [ConnectionError("the database is away"), {"rows": ["new"]}]

    async def read() -> dict[str, Any]:
        read_now = reads.pop(0) if len(reads) > 1 else reads[0]
        if isinstance(read_now, Exception):
            raise read_now
        return read_now

    feed, page = Feed(read, pause_seconds=0), Page()
    with pytest.raises(ConnectionError):
        await feed.enter(page)  # type: ignore[arg-type]
    reads.insert(0, ConnectionError("still"))
    feed.changed()
    await eventually(lambda: page.seen, what="the list")
    await feed.stop()


def _completed(room: Room) -> Room:
    """Over: its podium may be watched without a session."""
    return services.end(room_id=room.id, by=None)


async def _ignore(message: Any) -> None:
    """Send nothing."""


async def _turns_of_the_loop() -> None:
    """As many as anybody needs who waits for nothing but the loop."""
    for _ in range(50):
        await asyncio.sleep(0)
