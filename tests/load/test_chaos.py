"""Any process may be killed at any time: no hit that somebody saw is lost, and none counts twice."""

import os
from random import Random

from tests.e2e.guests import Guest
from tests.e2e.server import Server
from tests.load.ledger import (
    assert_nothing_lost_or_doubled,
    logged_between,
    room_id,
    slots,
    wait_until_settled,
)
from tests.load.swarm import Swarm

PLAYERS = 4
# How many processes are killed, and which and when; more of both by hand: CHAOS_KILLS=40 CHAOS_SEED=7.
KILLS = int(os.environ.get("CHAOS_KILLS", "2"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))


def gather(server: Server) -> tuple[str, list[str]]:
    """A room in its lobby, and sessions that may sit in it; the first is the host's."""
    guests = [Guest(server.url) for _ in range(PLAYERS)]
    code = guests[0].host(size=PLAYERS)
    return code, [guests[0].cookie, *(guest.join(code) for guest in guests[1:])]


def parts_to_kill(rng: Random) -> list[str]:
    """As many of each, as far as that goes, in any order."""
    parts = (["worker", "redis"] * KILLS)[:KILLS]
    rng.shuffle(parts)
    return parts


def test_killing_the_worker_and_redis_loses_and_doubles_nothing(server: Server) -> None:
    rng = Random(SEED)
    code, cookies = gather(server)
    room = room_id(server, code)
    swarm = Swarm(url=server.url, code=code, cookies=cookies, seed=1)
    with swarm.flying():
        swarm.act(0, "room.start")
        users = slots(server, room)
        for victim in parts_to_kill(rng):
            swarm.wait_for_hits(rng.randint(3, 12))
            server.kill(victim)
            swarm.wait_for_hits(rng.randint(2, 6))  # the game goes on without it
            server.start(victim)
        swarm.cease_fire()
    wait_until_settled(server)
    assert swarm.seen_between(users) == logged_between(server, room)
    assert_nothing_lost_or_doubled(server, room)


def test_killing_the_web_process_takes_back_nothing_that_was_shown(server: Server) -> None:
    rng = Random(SEED)
    code, cookies = gather(server)
    room = room_id(server, code)
    swarm = Swarm(url=server.url, code=code, cookies=cookies, seed=2)
    with swarm.flying():
        swarm.act(0, "room.start")
        users = slots(server, room)
        for _ in range(max(1, KILLS // 2)):
            swarm.wait_for_hits(rng.randint(5, 15))
            server.kill("web")
            swarm.era += 1
            server.start("web")
            server.wait_until_ready()
        swarm.wait_for_hits(5)
        assert slots(server, room) == users  # everybody came back to their own seat
    wait_until_settled(server)
    seen, logged = swarm.seen_between(users), logged_between(server, room)
    assert seen - logged == {}
    assert_nothing_lost_or_doubled(server, room)
