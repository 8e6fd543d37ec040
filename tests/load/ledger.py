"""What the database says about the hits of a room, read beside the running server."""

from contextlib import suppress
from uuid import UUID

from tests.e2e.server import Server
from tests.support.waiting import wait_for


def room_id(server: Server, code: str) -> str:
    """The room's id as SQLite keeps it."""
    return str(server.value("select id from rooms_room where code = ? order by created_at desc", code))


def slots(server: Server, room: str) -> dict[int, int]:
    """Who sits where: slot to user id."""
    return dict(
        server.rows("select slot, user_id from rooms_seat where room_id = ? and slot is not null", room)
    )


def points_by_log(server: Server, room: str) -> dict[int, int]:
    """Each player's sum of the points in the log."""
    query = "select actor, sum(points) from events_event where room = ? and points != 0 group by actor"
    return dict(server.rows(query, room))


def points_by_board(server: Server, room: str) -> dict[int, int]:
    """Each player's score on the room's board."""
    board = f"room/{UUID(room)}"
    return dict(server.rows("select player, points from events_score where board = ?", board))


def wait_until_settled(server: Server) -> None:
    """Nothing is owed any more: no spool waits, and then, as that ends there, the outbox is empty."""
    wait_for(lambda: not _spooled(server) and _owed(server) == 0, what="nothing to be owed")


def _spooled(server: Server) -> int:
    """Bytes that wait in files; one that is gone when it is looked at is in the outbox."""
    found = 0
    for path in (server.directory / "spool").glob("*"):
        with suppress(FileNotFoundError):
            found += path.stat().st_size
    return found


def _owed(server: Server) -> int:
    return int(server.value("select count(*) from events_outbox"))


def assert_nothing_lost_or_doubled(server: Server, room: str) -> None:
    """Scores are the sums of the log, no hit is there twice, and a replay agrees."""
    twice = """
        select count(*) from (
            select json_extract(data, '$.epoch') epoch, json_extract(data, '$.tick') tick,
                   json_extract(data, '$.olive') olive
            from events_event where room = ? and type = 'SHIP_HIT'
            group by epoch, tick, olive having count(*) > 1
        )"""
    assert server.value(twice, room) == 0
    assert points_by_board(server, room) == points_by_log(server, room)
    assert server.value("select count(*) from events_refusedevent") == 0
    verdict = server.manage("rebuild_scores", "--verify", check=False)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
