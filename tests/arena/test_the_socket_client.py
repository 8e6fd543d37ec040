"""What a player without a browser makes of the pushes."""

import re
from http import HTTPStatus
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from rooms.arena.client import ArenaClient, Refused, View
from rooms.arena.wing import COME_BACK, may_come_back


def test_scores_that_changed_are_merged_with_those_that_did_not() -> None:
    view = View()
    view.take_event({"event": "scores", "scores": {"0": 4, "1": 7}})
    view.take_event({"event": "scores", "scores": {"1": 9}})
    assert view.scores == {0: 4, 1: 9}


async def _knock(status: HTTPStatus) -> None:
    """Open a socket at a server that answers with this status."""

    async def unused(socket: ServerConnection) -> None: ...

    def answer(socket: ServerConnection, request: Request) -> Response:
        return socket.respond(status, "")

    async with serve(unused, "127.0.0.1", 0, process_request=answer) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with ArenaClient(url=f"http://127.0.0.1:{port}", code="PIZZAS"):
            pass


async def test_a_server_whose_database_is_away_is_tried_again() -> None:
    with pytest.raises(ConnectionError) as failed:
        await _knock(HTTPStatus.INTERNAL_SERVER_ERROR)
    assert may_come_back(failed.value)


async def test_a_server_that_says_no_is_not_asked_again() -> None:
    with pytest.raises(Refused) as failed:
        await _knock(HTTPStatus.FORBIDDEN)
    assert not may_come_back(failed.value)


def test_the_browser_and_the_pilot_come_back_after_the_same_closes(repository: Path) -> None:
    script = (repository / "rooms/static/rooms/closing.js").read_text()
    codes = re.search(r"COME_BACK = new Set\(\[([\d, ]+)\]\)", script)
    assert codes
    assert {int(code) for code in codes[1].split(",")} == COME_BACK
