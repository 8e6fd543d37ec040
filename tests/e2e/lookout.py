"""Eyes and hands for browser tests: a spectator's socket to see the ships, and a keyboard that hunts."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import atan2, tau

from playwright.sync_api import Page

from rooms.arena.client import ArenaClient, View
from rooms.arena.pilot import Pilot, distance, shortest
from rooms.arena.rules import RULES
from rooms.arena.wing import Wing
from tests.support.waiting import wait_for

NEAR = 170 * RULES.units_per_pixel
HEADINGS_A_SECOND = RULES.turn * RULES.tick_rate
HUNT_SECONDS = 120.0
# An olive that was fired when somebody last held the key has landed by then, wherever the key was late.
LAST_OLIVE_TICKS = RULES.olive_life + 2 * RULES.input_lead


@contextmanager
def watching(url: str, code: str, *, frames: list[str | bytes] | None = None) -> Iterator[View]:
    """What a spectator of the room sees, kept up to date by a thread while the block runs.

    Every frame that it receives is appended to `frames`.
    """
    client = ArenaClient(url=url, code=code, watch=True)
    client.on_frame = frames.append if frames is not None else None

    async def look() -> None:
        async with client:
            await asyncio.Event().wait()

    with _in_background(look):
        wait_for(lambda: client.view.room, what="a first frame for the lookout")
        yield client.view


class Statue(Pilot):
    """Stays where it is."""

    def steer(self, view: View) -> tuple[int, int]:
        return 0, 0


@contextmanager
def hunting(url: str, code: str, cookie: str, *, prey: int | None = None) -> Iterator[Wing]:
    """A socket client that hunts the ship in slot `prey` (any, if None) while the block runs."""
    with flying(url, code, cookie, Pilot(skill="hard", prey=prey)) as wing:
        yield wing


@contextmanager
def flying(url: str, code: str, cookie: str, pilot: Pilot) -> Iterator[Wing]:
    """A socket client with this pilot while the block runs."""
    wing = Wing(url=url, code=code, cookie=cookie, pilot=pilot)
    with _in_background(wing.play):
        wait_for(lambda: wing.playing or wing.refused, what="a seat for the socket client")
        assert wing.refused == ""
        yield wing


@contextmanager
def _in_background(job: Callable[[], object]) -> Iterator[None]:
    """Run a coroutine function in a thread of its own; cancel it at the end of the block."""
    loop = asyncio.new_event_loop()
    task = loop.create_task(job())  # type: ignore[arg-type]

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(asyncio.wait([task]))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(10)


def hunt(page: Page, view: View, *, own: int, prey: int, until: Callable[[], bool]) -> None:
    """Fly at a ship that stays where it is, with arrow keys and space, and fire until `until()`.

    Olives may be under way even then: `wait_for_the_last_olive`.
    """
    deadline = time.monotonic() + HUNT_SECONDS
    while not until():
        assert time.monotonic() < deadline, "the hunter never hit anything"
        me, target = view.ships.get(own), view.ships.get(prey)
        if me and target and me.alive and target.alive:
            _one_move(page, me, target)
        else:
            page.wait_for_timeout(100)


def wait_for_the_last_olive(view: View) -> None:
    """Nobody holds the trigger any more: wait until nothing can be hit by what was fired before."""
    last = view.tick + LAST_OLIVE_TICKS
    wait_for(lambda: view.tick > last, what="the last olive to land")


def points_of(view: View, shooter: int) -> int:
    """What the hits that were shown are worth to whoever fired."""
    return sum(3 if hit.destroyed else 1 for hit in list(view.hits) if hit.shooter == shooter)


def place_of(view: View, slot: int) -> tuple[int, int] | None:
    """Where a ship is, while it flies; the view is another thread's."""
    ship = view.ships.get(slot)
    return (ship.x, ship.y) if ship and ship.alive else None


def _one_move(page: Page, me: object, target: object) -> None:
    """Turn by a tap as long as the error, or come nearer, or fire."""
    wanted = atan2(shortest(me.y, target.y), shortest(me.x, target.x)) / tau * 256
    error = (wanted - me.heading + 128) % 256 - 128
    if abs(error) > RULES.turn / 2 + 0.5:
        key = "ArrowRight" if error > 0 else "ArrowLeft"
        page.keyboard.press(key, delay=max(20, 1000 * abs(error) / HEADINGS_A_SECOND))
        page.wait_for_timeout(150)  # until the turn is in a snapshot, or it would be made twice
    elif distance(me, target) > NEAR:
        page.keyboard.press("ArrowUp", delay=min(400, distance(me, target) / 40))
    else:
        page.keyboard.press("Space", delay=60)
