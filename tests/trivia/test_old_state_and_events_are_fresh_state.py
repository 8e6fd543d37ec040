"""A page that applied every event of a quiz knows what a new page knows: the host, a player, who watches."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from rooms.database import in_thread
from rooms.models import Room
from rooms.trivia import live
from tests.support.environment import REPOSITORY
from tests.support.node import find_node
from tests.trivia.conftest import Connect, Open, Player
from tests.trivia.making import SLOW, game_of, move_on, open_now

pytestmark = pytest.mark.django_db(transaction=True)

REPLAY = """
import { apply, emptyState } from "./store.mjs";
import { changes } from "./changes.mjs";
const turn = (state, event) => apply(state, event, changes);
const told = JSON.parse(await new Response(process.stdin).text());
const known = ({ first, events, fresh }) => [
  [first, ...events].reduce(turn, emptyState()),
  turn(emptyState(), { ...fresh, event: "room.state" }),
];
console.log(JSON.stringify(told.map(known)));
"""
# Not pushed each time: how many have answered is told at a pace, the latency with the next own answer.
LOOSE = {"game": ("answered", "expected"), "own": ("latency",)}
Told = dict[str, Any]


class Pages:
    """All sockets of a room, and what each of them was told by now at each step."""

    def __init__(self, **pages: Player) -> None:
        self.pages = pages
        self.told: list[Told] = []
        self.steps: list[str] = []

    async def look(self, step: str) -> None:
        """Note what everybody knows, by their events and afresh."""
        for name, page in self.pages.items():
            fresh = await page.state()
            first, *events = page.events
            self.steps.append(f"{step}, {name}")
            self.told.append({"first": first, "events": events, "fresh": fresh})


def replayed(told: list[Told], folder: Path) -> list[tuple[Told, Told]]:
    """The state by events and the fresh one, as the browser's own modules make them."""
    for source in ("rooms/static/rooms/store.js", "rooms/trivia/static/trivia/changes.js"):
        shutil.copy(REPOSITORY / source, folder / Path(source).with_suffix(".mjs").name)
    (folder / "replay.mjs").write_text(REPLAY)
    node, _ = find_node()
    done = subprocess.run(
        [node, str(folder / "replay.mjs")], input=json.dumps(told), capture_output=True, text=True, check=True
    )
    return [(firmly(old), firmly(fresh)) for old, fresh in json.loads(done.stdout)]


def firmly(state: Told) -> Told:
    """Without what is only told at a pace."""
    for part, names in LOOSE.items():
        for name in names:
            (state[part] or {}).pop(name, None)
    return state


async def phase(page: Player, name: str) -> Told:
    found = await page.until(lambda m: m.get("event") == "trivia.phase" and m["game"]["phase"] == name)
    return found["game"]


def is_over(message: Told) -> bool:
    return message.get("event") == "room.changed" and message["room"]["results"] is not None


async def opened(room: Room, page: Player) -> Told:
    """The announced question opens now, and the page knows."""
    game = await in_thread(open_now, room)
    await page.until(lambda m: m.get("event") == "trivia.phase" and m["game"]["opens_at"] == game.opens_at)
    return {"seq": game.seq}


async def next_question(room: Room, page: Player) -> Told:
    await in_thread(move_on, room, to="open")
    await phase(page, "open")
    return await opened(room, page)


async def test_who_leaves_is_out_of_the_teams_and_the_standings_at_once(
    connect: Connect, open_room: Open, monkeypatch: pytest.MonkeyPatch, alice: User, bob: User, charlie: User
) -> None:
    monkeypatch.setattr(live, "READ_EVERY", 2**40)
    room = await in_thread(open_room, **SLOW, teams=True)
    his, hers = await connect(bob, room), await connect(charlie, room)
    await his.until(lambda m: m.get("event") == "trivia.phase" and seated(m["game"]) == {0, 1})
    await hers.ask("room.leave")
    await his.until(lambda m: m.get("event") == "trivia.phase" and seated(m["game"]) == {0})
    hers = await connect(charlie, room)
    await his.until(lambda m: m.get("event") == "trivia.phase" and seated(m["game"]) == {0, 1})


def seated(game: Told) -> set[int]:
    """The slots of those who are in a team."""
    return {slot for team in game["teams"] for slot in team["slots"]}


async def test_a_page_that_applied_every_event_of_a_quiz_knows_what_a_new_page_knows(
    connect: Connect, open_room: Open, tmp_path: Path, alice: User, bob: User, charlie: User
) -> None:
    room = await in_thread(open_room, **SLOW, teams=True, questions=4)
    screen, his, hers = (
        await connect(alice, room, watch=True),
        await connect(bob, room),
        await connect(charlie, room),
    )
    watcher = await connect(None, room, watch=True)
    pages = Pages(host=screen, bob=his, charlie=hers, watcher=watcher)
    await his.ask("trivia.team", team=1)
    await his.ask("seat.rename", name="Robert")
    await screen.ask("trivia.extra", slot=1, percent=50)
    await pages.look("in the lobby")
    await screen.ask("room.start")
    await pages.look("get ready")
    asked = await next_question(room, his)
    await pages.look("open")
    await screen.ask("trivia.pause")
    await pages.look("paused")
    await screen.ask("trivia.resume")
    await his.ask("trivia.flag", number=1, reason="It is B.")
    for page, answer in ((his, 0), (hers, 1)):
        assert (await page.ask("trivia.answer", **asked, answer=answer))["ok"]
    for page in (screen, his, hers, watcher):
        await phase(page, "reveal")
    await pages.look("reveal")
    await screen.ask("trivia.void", number=1)
    await pages.look("taken back")
    await screen.ask("room.lock", locked=True)
    asked = await next_question(room, hers)
    await pages.look("the next one")
    assert (await his.ask("trivia.answer", **asked, answer=1))["ok"]
    await screen.ask("trivia.skip", **asked)
    await opened(room, his)
    await pages.look("skipped")
    del pages.pages["charlie"]
    await hers.disconnect()
    await screen.ask("trivia.next", seq=(await in_thread(game_of, room)).seq)
    await phase(his, "reveal")
    await pages.look("somebody is gone")
    await screen.ask("room.end")
    for page in pages.pages.values():
        if not any(map(is_over, page.events)):
            await page.until(is_over)
    await pages.look("over")
    assert {event["event"] for event in screen.events} >= {"trivia.phase", "trivia.flags", "trivia.extras"}
    for step, (old, fresh) in zip(pages.steps, replayed(pages.told, tmp_path), strict=True):
        assert old == fresh, step
