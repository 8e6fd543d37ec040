"""`manage.py bots ROOM`: clients that come in by the real socket and play until Ctrl-C."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from spacegame.embedded import free_port
from tests.e2e.guests import Guest
from tests.e2e.server import Server
from tests.load.ledger import room_id, slots
from tests.support.environment import REPOSITORY
from tests.support.waiting import wait_for


@contextmanager
def bots(server: Server, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """The command as a process of its own, ended with the block."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "bots", *arguments],
        cwd=REPOSITORY,
        env=server.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_bots_take_seats_score_and_go_home_on_ctrl_c(server: Server) -> None:
    code = Guest(server.url).play()
    room = room_id(server, code)
    before = set(slots(server, room).values())
    with bots(server, code, "--count", "3", "--skill", "hard", "--url", server.url) as process:
        came = wait_for(lambda: new(server, room, before, at_least=3), what="three bots in their seats")
        scored = (
            f"select coalesce(sum(points), 0) from events_event where actor in ({','.join(map(str, came))})"
        )
        wait_for(lambda: server.value(scored) > 0, what="a point for a bot", seconds=60)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=20)
    assert process.returncode == 0, output
    assert "Everybody is home." in output
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


def test_a_server_that_is_away_is_knocked_at_until_it_comes(server: Server) -> None:
    code, nobody = Guest(server.url).play(), f"http://127.0.0.1:{free_port()}"
    with bots(server, code, "--count", "1", "--url", nobody) as process:
        assert process.stdout
        line = next(line for line in process.stdout if "knocking" in line)
        assert nobody in line
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    assert process.returncode == 0


def test_more_bots_than_seats_are_told_that_the_room_is_full(server: Server) -> None:
    code = Guest(server.url).host(size=2)
    with bots(server, code, "--count", "5", "--url", server.url) as process:
        assert process.stdout
        line = next(line for line in process.stdout if "sent home" in line)
        assert "full" in line
