"""Everything is killed while people play: no hit that somebody saw is lost, nothing counts or is heard twice.

A short storm, in which each part breaks at least once; a long one by hand, on both databases and transports:

    CHAOS_SECONDS=600 CHAOS_SEED=7 bin/test tests/chaos -s
"""

import os

import pytest

from tests.chaos import books
from tests.chaos.kitchen import Kitchen, running_kitchen
from tests.chaos.storm import Storm
from tests.chaos.visitors import Visitors
from tests.e2e.guests import Guest
from tests.load.swarm import Swarm

PLAYERS = 4
SECONDS = float(os.environ.get("CHAOS_SECONDS", "0"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))


def _open_a_game(kitchen: Kitchen) -> tuple[str, list[str]]:
    """A game without an end, and sessions that may sit in it; the first is the host's."""
    guests = [Guest(kitchen.url) for _ in range(PLAYERS)]
    code = guests[0].host(size=PLAYERS, round_seconds=0)
    return code, [guests[0].cookie, *(guest.join(code) for guest in guests[1:])]


def _start(swarm: Swarm) -> None:
    """Nobody fires before the round: hits of the lobby's practice are nobody's points."""
    swarm.act(0, "room.start")
    swarm.open_fire()


@pytest.mark.parametrize("aws", [True, False], ids=["postgres-and-sns", "sqlite-and-celery"])
def test_a_storm_loses_and_doubles_nothing(aws: bool) -> None:
    with running_kitchen(aws=aws) as kitchen:
        code, cookies = _open_a_game(kitchen)
        room = books.room_of(kitchen, code)
        swarm = Swarm(url=kitchen.url, code=code, cookies=cookies, seed=SEED, peaceful=True)
        with Visitors(kitchen.url) as visitors, swarm.flying():
            _start(swarm)
            users = books.seats(kitchen, room)
            storm = Storm(kitchen, seed=SEED, room=room, swarm=swarm, visitors=visitors)
            try:
                swarm.wait_for_hits(3)
                storm.rage(seconds=SECONDS)
                storm.calm()
                swarm.wait_for_hits(3)
                same_seats = books.seats(kitchen, room) == users
                storm.note("everybody sits where they sat" if same_seats else "some were away too long")
                swarm.cease_fire()
                visitors.go_home()
                storm.note("the last olive has landed, and the last visitor gone")
                books.settle(kitchen)
                storm.note("nothing is owed any more")
                seen, logged = swarm.seen_between(users), books.logged_hits(kitchen, room)
                # Clients know slots, the log knows players: who took another's seat makes them two things.
                assert seen - logged == {} if same_seats else seen.total() <= logged.total()
                books.assert_rooms_are_there(kitchen, visitors.codes)
                counted = books.audit(kitchen)
                storm.note("all adds up")
            except BaseException:
                print(storm.told(), kitchen.logs(), sep="\n")
                raise
            print(f"{storm.told()}\n{seen.total()} hits seen; {counted}; {visitors.tries} visits")
