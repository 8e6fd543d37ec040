"""A game over the real socket, from the lobby to the podium."""

from typing import Any

import pytest

from accounts.models import User
from rooms import services
from rooms.database import in_thread
from rooms.models import Room, Status
from rooms.trivia import services as trivia
from rooms.trivia.models import Answer
from tests.support.waiting import eventually
from tests.trivia.conftest import Connect, Open, Player
from tests.trivia.making import (
    SLOW,
    game_of,
    move_on,
    open_first,
    open_now,
    secret_of,
    take_the_host_away,
)

pytestmark = pytest.mark.django_db(transaction=True)


async def phase(page: Player, name: str) -> dict[str, Any]:
    """The game, once it is in this phase."""
    found = await page.until(lambda m: m.get("event") == "trivia.phase" and m["game"]["phase"] == name)
    return found["game"]


async def test_a_game_is_played_from_the_lobby_to_the_podium(
    connect: Connect, open_room: Open, alice: User, bob: User, charlie: User
) -> None:
    room = await in_thread(open_room, **SLOW, streaks=False, speed=0)
    screen = await connect(alice, room, watch=True)
    assert screen.first["hosts"]
    assert screen.first["own"] is None
    assert screen.first["game"]["phase"] == "lobby"
    his, hers = await connect(bob, room), await connect(charlie, room)
    assert (await screen.ask("room.start"))["ok"]
    await phase(his, "ready")
    for number in (1, 2, 3):
        await in_thread(move_on, room, to="open")
        game = await phase(his, "open")
        assert (game["number"], game["reveal"]) == (number, None)
        await in_thread(open_now, room)
        right = (await in_thread(secret_of, room))["answer"]
        assert (await his.ask("trivia.answer", seq=game["seq"], answer=right))["ok"]
        assert (await hers.ask("trivia.answer", seq=game["seq"], answer=(right + 1) % 4))["ok"]
        reveal = (await phase(his, "reveal"))["reveal"]  # everybody has answered: it closes at once
        assert reveal["answer"] == right
        assert (reveal["answers"], reveal["right"], sum(reveal["counts"])) == (2, 1, 2)
        assert [line["points"] for line in reveal["standings"]] == [1000 * number, 0]
        own = [event["own"] for event in his.events if event["event"] == "trivia.own"][-1]
        assert own["result"]["rank"] == 1, "what came of an answer is known before the answer is"
    await in_thread(move_on, room)
    changed = await screen.until(
        lambda m: m.get("event") == "room.changed" and m["room"]["status"] == Status.COMPLETED
    )
    rows = changed["room"]["results"]["rows"]
    assert [(row["name"], row["points"], row["right"]) for row in rows] == [
        ("Bob", 3000, 3),
        ("Charlie", 0, 0),
    ]
    assert await in_thread(Answer.objects.count) == 6


async def test_who_comes_back_in_mid_question_has_everything_at_once(
    connect: Connect, open_room: Open, bob: User, charlie: User
) -> None:
    room = await in_thread(open_room, **SLOW)
    his = await connect(bob, room)
    await connect(charlie, room)
    await in_thread(open_first, room)
    game = await in_thread(open_now, room)
    await his.until(lambda m: m.get("event") == "trivia.phase" and m["game"]["opens_at"] == game.opens_at)
    await his.ask("trivia.answer", seq=game.seq, answer=2)
    await his.disconnect()
    again = (await connect(bob, room)).first
    assert (again["game"]["phase"], again["game"]["closes_at"]) == ("open", game.closes_at)
    assert again["own"]["answer"] == 2
    assert again["game"]["answered"] == 1


async def test_who_answered_last_is_not_counted_for_the_next_question(
    connect: Connect, open_room: Open, bob: User, charlie: User
) -> None:
    room = await in_thread(open_room, **SLOW)
    his, hers = await connect(bob, room), await connect(charlie, room)
    await in_thread(open_first, room)
    game = await in_thread(open_now, room)
    await his.until(lambda m: m.get("event") == "trivia.phase" and m["game"]["opens_at"] == game.opens_at)
    assert (await his.ask("trivia.answer", seq=game.seq, answer=1))["ok"]
    assert (await hers.ask("trivia.answer", seq=game.seq, answer=1))["ok"]  # closes it before it is told
    await phase(his, "reveal")
    await in_thread(move_on, room, to="open")
    game = await in_thread(open_now, room)
    await his.until(lambda m: m.get("event") == "trivia.phase" and m["game"]["opens_at"] == game.opens_at)
    assert (await his.ask("trivia.answer", seq=game.seq, answer=1))["ok"]
    for _ in ("told here", "heard of on the bus"):
        told = await his.until(lambda m: m.get("event") == "trivia.answered" and m["answered"] > 0)
        assert (told["seq"], told["answered"], told["expected"]) == (game.seq, 1, 2)


async def test_refusals_say_what_is_wrong(connect: Connect, open_room: Open, alice: User, bob: User) -> None:
    room = await in_thread(open_room, **SLOW)
    screen, his = await connect(alice, room, watch=True), await connect(bob, room)
    watcher = await connect(None, room, watch=True)
    refusals = {
        (await screen.ask("trivia.answer", seq=0, answer=0))["error"]["code"],
        (await watcher.ask("room.start"))["error"]["code"],
        (await watcher.ask("trivia.pause"))["error"]["code"],
    }
    assert refusals == {"players_only"}
    assert (await his.ask("room.start"))["error"]["code"] == "host_only"
    assert (await his.ask("trivia.next", seq=0))["error"]["code"] == "host_only"
    assert (await his.ask("trivia.answer", seq=0, answer=0))["error"]["code"] == "not_open"
    assert (await his.ask("trivia.answer", seq=0))["error"]["code"] == "bad_fields"
    assert (await screen.ask("trivia.next", seq=0))["error"]["code"] == "not_now"
    assert (await screen.ask("room.start"))["ok"]
    assert (await screen.ask("room.start"))["error"]["code"] == "not_now"


async def test_a_web_process_goes_on_without_worker_and_beat(
    connect: Connect, open_room: Open, bob: User
) -> None:
    """Nobody sweeps here: the process that has the sockets notices that the game is late."""
    room = await in_thread(open_room)
    his = await connect(bob, room)
    await in_thread(open_first, room, ago=60_000)
    game = await phase(his, "reveal")
    assert game["number"] == 1


async def test_flags_are_for_the_host_and_only_at_the_reveal(
    connect: Connect, open_room: Open, alice: User, bob: User
) -> None:
    room = await in_thread(open_room, **SLOW)
    screen, his = await connect(alice, room, watch=True), await connect(bob, room)
    await in_thread(open_first, room)
    await in_thread(open_now, room)
    assert (await his.ask("trivia.flag", number=1, reason="It is B."))["ok"]
    assert not [event for event in screen.events if event["event"] == "trivia.flags"]
    await in_thread(
        trivia.go_on, room_id=room.id, seq=(await in_thread(game_of, room)).seq, by=alice.pk, now=2**41
    )
    flags = (await screen.event("trivia.flags"))["flags"]
    assert flags == {"number": 1, "flags": [{"slot": 0, "reason": "It is B."}]}
    assert (await screen.state())["flags"] == flags, "a screen that comes back has them, too"
    assert not {"flags", "extras"} & (await his.state()).keys()
    assert not [event for event in his.events if event["event"] == "trivia.flags"]


async def test_extra_time_that_was_given_is_told_to_the_host_alone_and_to_the_next_host(
    connect: Connect, open_room: Open, alice: User, bob: User, charlie: User
) -> None:
    room = await in_thread(open_room, **SLOW)
    screen, his, hers = (
        await connect(alice, room, watch=True),
        await connect(bob, room),
        await connect(charlie, room),
    )
    assert (await screen.ask("trivia.extra", slot=1, percent=50))["ok"]
    assert (await screen.told("trivia.extras"))["extras"] == {"1": 50}
    assert await hers.until(lambda m: m.get("event") == "trivia.own" and m["own"]["extra"] == 50)
    assert "extras" not in await his.state()
    screen_seen = Room.objects.filter(pk=room.pk, host_seen_at__isnull=False)
    await eventually(lambda: in_thread(screen_seen.exists), what="the host's screen to be noted")
    await in_thread(take_the_host_away, room)
    await in_thread(services.pass_host_on, room_id=room.pk)
    await his.until(lambda m: m.get("event") == "room.changed" and m["room"]["host"] == 0)
    assert (await his.state())["extras"] == {"1": 50}
    assert "extras" not in await screen.state()
    told = [event["event"] for event in (*his.events, *hers.events)]
    assert "trivia.extras" not in told


async def test_a_pause_is_on_every_screen(connect: Connect, open_room: Open, alice: User, bob: User) -> None:
    room = await in_thread(open_room, **SLOW)
    screen, his = await connect(alice, room, watch=True), await connect(bob, room)
    await in_thread(open_first, room)
    await in_thread(open_now, room, ago=4000)
    assert (await screen.ask("trivia.pause"))["ok"]
    paused = await his.until(lambda m: m.get("event") == "trivia.phase" and m["game"]["paused"])
    assert 60_000 < paused["game"]["paused"]["remaining"] <= 116_000
    assert (await screen.ask("trivia.resume"))["ok"]
    await his.until(lambda m: m.get("event") == "trivia.phase" and m["game"]["paused"] is None)


async def test_a_game_that_everybody_left_goes_on_when_somebody_comes_back(
    connect: Connect, open_room: Open, bob: User
) -> None:
    room = await in_thread(open_room, **SLOW)
    await (await connect(bob, room)).disconnect()
    await in_thread(open_first, room)
    game = await in_thread(open_now, room)
    await in_thread(trivia.pause, room_id=room.id, by=None, now=game.opens_at + 100, deserted=True)
    his = await connect(bob, room)

    async def goes_on() -> bool:
        return not (await his.state())["game"]["paused"] and not (await in_thread(game_of, room)).deserted

    await eventually(goes_on, what="the game to go on")


async def test_the_host_sees_the_questions_come(connect: Connect, alice: User, questions: Any) -> None:
    room: Room = await in_thread(
        services.create_room, kind="trivia", settings={"questions": 3, "size": 2}, host=alice
    )
    screen = await connect(alice, room, watch=True)
    assert (screen.first["room"]["status"], screen.first["game"]["phase"]) == ("PREPARING", "preparing")
    await in_thread(trivia.prepare, room_id=room.id)
    assert (await phase(screen, "lobby"))["of"] == 3


async def test_latency_is_measured_by_the_server(connect: Connect, open_room: Open, bob: User) -> None:
    room = await in_thread(open_room, **SLOW)
    his = await connect(bob, room)
    probe = await his.event("trivia.probe")
    assert (await his.ask("trivia.probed", n=probe["n"]))["ok"]
    own = (await his.state())["own"]
    assert 0 <= own["latency"] <= 250


async def test_a_host_who_watches_is_seen_to_be_there(
    connect: Connect, open_room: Open, alice: User, hub: Any
) -> None:
    room = await in_thread(open_room, **SLOW)
    await connect(alice, room, watch=True)
    seen = Room.objects.filter(pk=room.pk, host_seen_at__isnull=False)
    await eventually(lambda: in_thread(seen.exists), what="the host to be seen")
    await in_thread(Room.objects.filter(pk=room.pk).update, host_seen_at=None)
    await hub.upkeep.heartbeat()
    assert await in_thread(seen.exists)
