"""Any process may be killed in mid-game: the page says what is going on, comes back, and no point is lost."""

from rooms.arena.pilot import Pilot
from tests.e2e.browsing import SERVER_AWAY
from tests.e2e.conftest import Visit
from tests.e2e.guests import Guest
from tests.e2e.lookout import flying, hunting, points_of, wait_for_the_last_olive
from tests.e2e.server import Server
from tests.e2e.steps import create_room, start_round
from tests.load.ledger import (
    assert_nothing_lost_or_doubled,
    points_by_board,
    room_id,
    slots,
    wait_until_settled,
)
from tests.support.waiting import wait_for


def test_the_web_process_is_killed_and_the_page_says_so_and_comes_back_by_itself(
    visit: Visit, server: Server, killed: list[str]
) -> None:
    player = visit()
    player.expects(SERVER_AWAY)
    code = create_room(player)
    guest = Guest(server.url)
    with hunting(server.url, code, guest.join(code)) as wing:
        start_round(player)
        wait_for(lambda: wing.points, what="points for the hunter", seconds=60)
        slot, points = player.data("own-slot"), wing.points
        server.kill("web")
        killed.append("web")
        player.phase("connecting")
        player.picture("reconnecting-desktop")
        server.start(killed.pop())
        player.phase("playing", "dead")
        assert player.data("own-slot") == slot
        wait_for(lambda: wing.points >= points, what="the hunter's points")


def test_redis_is_killed_in_mid_game_and_the_counts_are_exact_after(
    visit: Visit, server: Server, killed: list[str]
) -> None:
    count_exactly(visit, server, killed, "redis")


def test_the_worker_is_killed_in_mid_game_and_the_counts_are_exact_after(
    visit: Visit, server: Server, killed: list[str]
) -> None:
    count_exactly(visit, server, killed, "worker")


def count_exactly(visit: Visit, server: Server, killed: list[str], part: str) -> None:
    """The game goes on while `part` is dead; afterwards every hit that was shown is in the score."""
    player = visit()
    code = create_room(player)
    guest = Guest(server.url)
    # Peaceful until it counts: what is hit in the lobby is shown, and nobody's point.
    with flying(server.url, code, guest.join(code), Pilot(skill="hard", peaceful=True)) as wing:
        start_round(player)
        wing.pilot.peaceful = False
        wait_for(lambda: wing.client.view.hits, what="a first hit", seconds=60)
        server.kill(part)
        killed.append(part)
        shown = len(wing.client.view.hits)
        wait_for(lambda: len(wing.client.view.hits) > shown, what="a hit while it is dead", seconds=60)
        server.start(killed.pop())
        shown = len(wing.client.view.hits)
        wait_for(lambda: len(wing.client.view.hits) > shown, what="a hit after it came back", seconds=60)
        player.phase("playing", "dead")
        room, hunter = room_id(server, code), wing.client.slot
        users = slots(server, room)
        wing.pilot.peaceful = True
        wait_for_the_last_olive(wing.client.view)
        expected = points_of(wing.client.view, hunter)
    wait_until_settled(server)
    assert points_by_board(server, room)[users[hunter]] == expected
    assert_nothing_lost_or_doubled(server, room)
