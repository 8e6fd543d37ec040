"""A walk over every frame and page of a whole game for what no other player may know."""

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from tests.e2e.guests import Guest
from tests.e2e.lookout import watching
from tests.e2e.server import Server
from tests.load.ledger import room_id, slots
from tests.load.swarm import Swarm
from tests.support.waiting import wait_for

# Ids that cannot be anything else: no tick, time or coordinate of a game this short looks like them.
FIRST_ID = 770_077_000_077
FORBIDDEN_KEYS = {
    "user",
    "user_id",
    "userid",
    "email",
    "token",
    "session",
    "sessionid",
    "ip",
    "address",
    "password",
}


def start_ids_at(server: Server, first: int) -> None:
    """From now on users get ids that are easy to find."""
    with sqlite3.connect(server.database, timeout=20) as connection:
        connection.execute("delete from sqlite_sequence where name = 'accounts_user'")
        connection.execute("insert into sqlite_sequence (name, seq) values ('accounts_user', ?)", (first,))


def keys_in(value: Any) -> Iterator[str]:
    """Every key at any depth."""
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from keys_in(inner)


def secrets_of(server: Server, guests: list[Guest]) -> set[str]:
    """What must be in no frame: ids, addresses, sessions, tokens, password hashes."""
    people = server.rows("select id, email, password from accounts_user where id > ?", FIRST_ID)
    values = {str(value) for row in people for value in row if value}
    sessions = {key for (key,) in server.rows("select session_key from django_session")}
    return values | sessions | {secret for guest in guests for secret in guest.secrets} | {"127.0.0.1"}


def play_a_whole_game(server: Server, guests: list[Guest]) -> tuple[str, list[str | bytes]]:
    """Lobby, late comer, round, hits, scores, podium, rematch; the code, and all frames of all sockets."""
    code = guests[0].host(size=4)
    cookies = [guests[0].cookie, guests[1].join(code), guests[2].join(code)]
    swarm = Swarm(url=server.url, code=code, cookies=cookies, seed=3)
    swarm.keep_frames = True
    with watching(server.url, code, frames=swarm.frames) as view:
        with swarm.flying():
            guests[3].join(code)
            swarm.act(0, "seat.rename", name="Ada Crust")
            swarm.act(0, "room.lock", locked=True)
            swarm.act(0, "room.start")
            swarm.wait_for_hits(8)
            wait_for(lambda: any(list(view.scores.values())), what="scores")
            people = slots(server, room_id(server, code))
            assert min(people.values()) > FIRST_ID
            swarm.act(0, "room.end")
            wait_for(lambda: view.room["results"], what="the podium")
            swarm.act(0, "room.rematch")
            wait_for(lambda: view.room["next_code"], what="the rematch")
        wait_for(lambda: "seat.left" in names_of(swarm.frames), what="word of who has left")
    return code, swarm.frames


def names_of(frames: list[str | bytes]) -> set[str | None]:
    """The events that are told in these frames."""
    return {json.loads(frame).get("event") for frame in list(frames) if isinstance(frame, str)}


def test_no_frame_of_a_whole_game_and_no_page_tells_what_is_private(server: Server) -> None:
    start_ids_at(server, FIRST_ID)
    guests = [Guest(server.url) for _ in range(4)]
    code, frames = play_a_whole_game(server, guests)
    texts = [frame for frame in frames if isinstance(frame, str)]
    binary = b"".join(frame for frame in frames if isinstance(frame, bytes))
    assert names_of(frames) >= {
        "room.state",
        "room.changed",
        "seat.joined",
        "seat.left",
        "scores",
        "game.changed",
    }
    private = secrets_of(server, guests)
    assert [(secret, text) for text in texts for secret in private if secret in text] == []
    assert [secret for secret in private if secret.encode() in binary] == []
    assert {key for text in texts for key in keys_in(json.loads(text))} & FORBIDDEN_KEYS == set()
    assert_pages_are_clean(server, private, code)


def assert_pages_are_clean(server: Server, private: set[str], code: str) -> None:
    """What a stranger may read."""
    handles = [handle for (handle,) in server.rows("select handle from accounts_user where id > ?", FIRST_ID)]
    paths = ["/", "/rooms/", "/leaderboard/", f"/r/{code}/", *(f"/p/{handle}/" for handle in handles)]
    stranger = Guest(server.url)
    for path in paths:
        page = stranger.get(path)
        assert "<html" in page, path
        # The page names the address that it was asked at, which is this machine's.
        assert [secret for secret in private - {"127.0.0.1"} if secret in page] == [], path
