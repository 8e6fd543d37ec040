"""Whatever one socket sends, it gets a clear answer, and the others play on."""

import json

import pytest

from accounts.models import User
from rooms import services
from rooms.database import in_thread
from rooms.errors import Close
from rooms.hub import Hub
from rooms.models import Room
from tests.rooms.conftest import Connect, Player

pytestmark = pytest.mark.django_db(transaction=True)


async def refusal(page: Player, text: str) -> dict[str, str]:
    await page.send_to(text_data=text)
    return (await page.until(lambda message: "ack" in message))["error"]


async def test_garbage_gets_an_answer_and_costs_nothing(connect: Connect, room: Room, alice: User) -> None:
    page = await connect(alice, room)
    for text in (
        "{",
        "[]",
        "null",
        '"ping"',
        '{"id": -1, "action": "ping"}',
        '{"id": 1}',
        "\x00",
        "[" * 3000,
    ):
        assert (await refusal(page, text))["code"] == "bad_frame"
    assert (await page.ask("ping"))["ok"]


async def test_garbage_again_and_again_closes_the_socket(connect: Connect, room: Room, alice: User) -> None:
    page = await connect(alice, room)
    for _ in range(20):
        await page.send_to(text_data="{")
    assert await page.closed() == 4400


async def test_an_unknown_action_is_named_so(connect: Connect, room: Room, alice: User) -> None:
    page = await connect(alice, room)
    assert (await page.ask("room.explode"))["error"]["code"] == "unknown_action"


async def test_extra_fields_are_refused(connect: Connect, room: Room, alice: User) -> None:
    page = await connect(alice, room)
    assert (await page.ask("ping", admin=True))["error"]["code"] == "bad_fields"


async def test_fields_of_the_wrong_type_are_refused(connect: Connect, room: Room, alice: User) -> None:
    page = await connect(alice, room)
    assert (await page.ask("room.lock", locked="yes"))["error"]["code"] == "bad_fields"
    assert (await page.ask("room.kick", slot=10**30))["error"]["code"] == "bad_fields"


async def test_a_text_frame_over_four_kilobytes_is_refused(connect: Connect, room: Room, alice: User) -> None:
    page = await connect(alice, room)
    text = json.dumps({"id": 1, "action": "ping", "filler": "x" * 5000})
    refused = await refusal(page, text)
    assert refused["code"] == "bad_frame"
    assert "too long" in refused["message"]


async def test_an_address_that_is_none_is_closed_in_so_many_words(hub: Hub) -> None:
    for path in ("/ws/rooms/../", "/ws/rooms/💥/", "/ws/"):
        page = await Player(path).open()
        assert await page.closed() == Close.NO_ROOM


async def test_a_frame_of_ten_megabytes_is_refused(connect: Connect, room: Room, alice: User) -> None:
    page = await connect(alice, room)
    await page.send_to(bytes_data=b"\x01" * 10_000_000)
    assert (await page.until(lambda m: "ack" in m))["error"]["code"] == "bad_frame"
    assert (await page.ask("ping"))["ok"]


async def test_a_bad_binary_frame_is_refused(connect: Connect, room: Room, alice: User) -> None:
    page = await connect(alice, room)
    await page.send_to(bytes_data=b"\xff")
    assert (await page.until(lambda m: "ack" in m))["error"]["code"] == "bad_frame"


async def test_spectators_cannot_play(connect: Connect, room: Room) -> None:
    page = await connect(None, room, watch=True)
    await page.send_to(bytes_data=b"\x01")
    assert (await page.until(lambda m: "ack" in m))["error"]["code"] == "bad_frame"
    assert (await page.ask("room.leave"))["error"]["code"] == "players_only"
    assert (await page.ask("room.start"))["error"]["code"] == "players_only"


async def test_guests_of_the_host_cannot_run_the_room(
    connect: Connect, room: Room, alice: User, bob: User
) -> None:
    await connect(alice, room)
    his = await connect(bob, room)
    for name, fields in {
        "room.start": {},
        "room.end": {},
        "room.rematch": {},
        "room.lock": {"locked": True},
        "room.kick": {"slot": 0},
    }.items():
        assert (await his.ask(name, **fields))["error"]["code"] == "host_only"


async def test_a_flood_of_inputs_closes_only_that_socket(
    connect: Connect, room: Room, alice: User, bob: User
) -> None:
    hers, his = await connect(alice, room), await connect(bob, room)
    for _ in range(1000):
        await his.send_to(bytes_data=b"\x01flood")
    assert await his.closed() == 4429
    assert (await hers.ask("ping"))["ok"]


async def test_a_flood_of_requests_is_slowed_then_closed(connect: Connect, room: Room, alice: User) -> None:
    page = await connect(alice, room)
    for number in range(200):
        await page.send_json_to({"id": number, "action": "ping"})
    assert (await page.until(lambda m: "error" in m))["error"]["code"] == "slow_down"
    assert await page.closed() == 4429


async def test_a_name_of_five_hundred_emoji_is_answered(connect: Connect, room: Room, alice: User) -> None:
    page = await connect(alice, room)
    answer = await page.ask("seat.rename", name="🍕" * 500)
    assert answer["error"]["code"] == "profile"
    assert (await page.state())["seats"][0]["name"] == "Alice"


async def test_a_new_name_is_seen_by_everybody(connect: Connect, room: Room, alice: User, bob: User) -> None:
    hers, his = await connect(alice, room), await connect(bob, room)
    assert (await his.ask("seat.rename", name="Bobby"))["name"] == "Bobby"
    assert await hers.until(lambda m: m.get("event") == "seat.joined" and m["seat"]["name"] == "Bobby")


async def test_a_bug_in_a_game_is_survived(connect: Connect, room: Room, alice: User) -> None:
    page = await connect(alice, room)
    await page.send_to(bytes_data=b"\x63")
    await page.send_to(bytes_data=b"\x01still here")
    assert await page.snapshot() == b"\x02still here"


async def test_a_game_that_breaks_again_and_again_fails_its_room_only(
    connect: Connect, room: Room, alice: User, bob: User
) -> None:
    other = await in_thread(services.create_room, kind="echo", settings={}, host=bob)
    hers, his = await connect(alice, room), await connect(bob, other)
    for _ in range(5):
        await hers.send_to(bytes_data=b"\x63")
    changed = await hers.until(lambda m: m.get("event") == "room.changed")
    assert changed["room"]["status"] == "FAILED"
    assert (await his.ask("ping"))["ok"]


async def test_a_game_adds_its_own_actions(connect: Connect, room: Room, alice: User, hub: Hub) -> None:
    page = await connect(alice, room)
    assert (await page.ask("echo.shout"))["heard"] == "ALICE"
