"""`manage.py bots ROOM`: clients that come in by the real socket and play until Ctrl-C."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.guests import Guest
from tests.e2e.server import Server
from tests.load.ledger import room_id, slots
from tests.support.ports import free_port
from tests.support.processes import MANAGE, Program
from tests.support.waiting import wait_for

Bots = Callable[..., Program]


@pytest.fixture
def bots(server: Server, tmp_path: Path) -> Iterator[Bots]:
    """Runs the command as a process of its own, which ends with the test."""
    started: list[Program] = []

    def start(*arguments: str) -> Program:
        log = tmp_path / f"bots-{len(started)}.log"
        started.append(Program(log, *MANAGE, "bots", *arguments, **server.environment))
        return started[-1]

    yield start
    for program in started:
        program.kill()


def test_bots_take_seats_score_and_go_home_on_ctrl_c(server: Server, bots: Bots) -> None:
    code = Guest(server.url).play()
    room = room_id(server, code)
    before = set(slots(server, room).values())
    program = bots(code, "--count", "3", "--skill", "hard", "--url", server.url)
    came = wait_for(lambda: new(server, room, before, at_least=3), what="three bots in their seats")
    scored = f"select coalesce(sum(points), 0) from events_event where actor in ({','.join(map(str, came))})"
    wait_for(lambda: server.value(scored) > 0, what="a point for a bot", seconds=120)
    assert program.stop(signal.SIGINT) == 0, program.log
    assert "Everybody is home." in program.log
    wait_for(lambda: not came & set(slots(server, room).values()), what="free seats")


def new(server: Server, room: str, before: set[int], *, at_least: int) -> set[int]:
    """Who has come since, once they are enough."""
    came = set(slots(server, room).values()) - before
    return came if len(came) >= at_least else set()


def test_an_unknown_room_is_named_and_the_newest_open_ones_are_offered(server: Server) -> None:
    open_code = Guest(server.url).host(size=2)
    done = server.manage("bots", "ZZZZZZ", check=False)
    assert done.returncode == 1
    assert "No open room has the code ZZZZZZ" in done.stderr
    assert open_code in done.stderr


def test_a_server_that_is_away_is_knocked_at_until_it_comes(server: Server, bots: Bots) -> None:
    code, nobody = Guest(server.url).play(), f"http://127.0.0.1:{free_port()}"
    program = bots(code, "--count", "1", "--url", nobody)
    program.wait_for_line("knocking")
    assert nobody in line_with(program, "knocking")
    assert program.stop(signal.SIGINT) == 0, program.log


def test_more_bots_than_seats_are_told_that_the_room_is_full(server: Server, bots: Bots) -> None:
    code = Guest(server.url).host(size=2)
    program = bots(code, "--count", "5", "--url", server.url)
    program.wait_for_line("sent home")
    assert "full" in line_with(program, "sent home")


def line_with(program: Program, words: str) -> str:
    """The first whole line that has the words."""

    def find() -> str:
        return next((line for line in program.log.split("\n")[:-1] if words in line), "")

    return wait_for(find, what=f"a whole line with {words!r}")
