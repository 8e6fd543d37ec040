"""Old state + events = fresh state: a client that applies every event needs no reload."""

import copy
from typing import Any

import pytest

from accounts.models import User
from events.live import abroadcast
from rooms.hub import Hub
from rooms.models import Room
from tests.rooms.conftest import Connect, Player

pytestmark = pytest.mark.django_db(transaction=True)

Json = dict[str, Any]


def apply(state: Json, event: Json) -> None:
    """What docs/protocol.md asks of a client."""
    if "version" in event:
        assert event["version"] == state["version"] + 1, "a gap without a loss"
        state["version"] = event["version"]
    APPLY.get(event["event"], lambda state, event: None)(state, event)


def _seat(state: Json, event: Json) -> None:
    slot = event["seat"]["slot"]
    state["seats"] = sorted(
        [seat for seat in state["seats"] if seat["slot"] != slot] + [event["seat"]], key=lambda s: s["slot"]
    )


def _left(state: Json, event: Json) -> None:
    state["seats"] = [seat for seat in state["seats"] if seat["slot"] != event["slot"]]
    state["scores"].pop(str(event["slot"]), None)


def _connection(state: Json, event: Json) -> None:
    for seat in state["seats"]:
        if seat["slot"] == event["slot"]:
            seat["connected"] = event["connected"]


APPLY = {
    "seat.joined": _seat,
    "seat.left": _left,
    "seat.connection": _connection,
    "room.changed": lambda state, event: state.update(room=event["room"]),
    "scores": lambda state, event: state["scores"].update(event["scores"]),
    "game.changed": lambda state, event: state.update(game=event["game"]),
}


async def assert_agrees(page: Player) -> None:
    """Replay every event that the page got onto its first state and compare with a fresh one."""
    fresh = await page.state()
    state = copy.deepcopy(page.first)  # type: ignore[attr-defined]
    for event in page.events:
        if event["event"] != "room.state":
            apply(state, event)
    for part in ("version", "room", "seats", "scores", "game"):
        assert state[part] == fresh[part], part


async def test_a_whole_evening_agrees(
    connect: Connect, hub: Hub, room: Room, alice: User, bob: User, charlie: User
) -> None:
    hers = await connect(alice, room)
    his = await connect(bob, room)
    theirs = await connect(charlie, room)
    await abroadcast(f"room.{room.id}", {"kind": "scores", "players": {str(bob.pk): 5, str(charlie.pk): 2}})
    await hers.event("scores")
    await his.ask("seat.rename", name="Robert")
    await his.ask("seat.avatar", colour=3, mark=7)
    await hers.ask("room.lock", locked=True)
    await hers.ask("room.start")
    await theirs.disconnect()
    await hers.ask("room.kick", slot=1)
    await hers.ask("room.lock", locked=False)
    back = await connect(charlie, room)
    await back.ask("room.leave")
    await hers.ask("room.end")
    await hers.ask("room.rematch")
    await assert_agrees(hers)


async def test_a_host_who_leaves_hands_over(
    connect: Connect, room: Room, alice: User, bob: User, charlie: User
) -> None:
    hers, his, _ = await connect(alice, room), await connect(bob, room), await connect(charlie, room)
    assert (await hers.ask("room.leave"))["ok"]
    assert await hers.closed() == 1000
    await his.until(lambda m: m.get("event") == "room.changed" and m["room"]["host"] == 1)
    assert (await his.ask("room.start"))["ok"]
    await assert_agrees(his)


async def test_scores_follow_the_player_to_another_seat(
    connect: Connect, hub: Hub, room: Room, alice: User, bob: User
) -> None:
    hers, his = await connect(alice, room), await connect(bob, room)
    await abroadcast(f"room.{room.id}", {"kind": "scores", "players": {str(bob.pk): 9}})
    assert (await hers.event("scores"))["scores"] == {"1": 9}
    await his.ask("room.leave")
    back = await connect(bob, room)
    assert back.first["scores"] == {"1": 9}
    await assert_agrees(hers)
