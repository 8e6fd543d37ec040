"""What must add up when everything has come to rest, whatever happened before."""

import math
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from tests.chaos.kitchen import Kitchen
from tests.support.waiting import wait_for

WITNESSES = {
    "everything": "type != 'SHIP_HIT'",
    "hits": "type = 'SHIP_HIT'",
    "clumsy": "type in ('USER_CREATED', 'ROOM_CREATED')",
}
OWED = "select count(*) from events_outbox where failed_at is null"
PENDING = "select count(*) from events_delivery where done_at is null and failed_at is null"
DEAD = "select error from events_outbox where failed_at is not null"
BURIED = "select handler, error from events_delivery where failed_at is not null"
HURRY = "update {table} set due_at = ? where failed_at is null and due_at > ?"
SOON_SECONDS = 10


def settle(kitchen: Kitchen, *, seconds: float = 300) -> None:
    """Wait until nothing is owed any more. What rests for longer is due now: nobody waits for its pause."""
    hurried = -math.inf

    def at_rest() -> bool:
        nonlocal hurried
        if time.monotonic() > hurried + SOON_SECONDS:
            _hurry(kitchen)
            hurried = time.monotonic()
        return not kitchen.value(OWED) and not kitchen.value(PENDING) and not _spooled(kitchen)

    wait_for(at_rest, what="an empty outbox and all deliveries done", seconds=seconds)


def _hurry(kitchen: Kitchen) -> None:
    now = datetime.now(UTC)
    soon = now + timedelta(seconds=SOON_SECONDS)
    for table, pending in (("events_outbox", ""), ("events_delivery", " and done_at is null")):
        kitchen.write(HURRY.format(table=table) + pending, str(now), str(soon))


def _spooled(kitchen: Kitchen) -> bool:
    return any(path.stat().st_size for path in (kitchen.directory / "spool").glob("*"))


def audit(kitchen: Kitchen) -> dict[str, int]:
    """Assert all that must hold whatever was killed; gives what there was to count."""
    assert kitchen.rows(DEAD) == []
    assert kitchen.rows(BURIED) == []
    assert kitchen.rows("select type, reason from events_refusedevent") == []
    heard = {name: _assert_heard_once(kitchen, name, which) for name, which in WITNESSES.items()}
    users = _assert_told(kitchen, "USER_CREATED", "actor", "select id from accounts_user")
    rooms = _assert_told(kitchen, "ROOM_CREATED", "room", "select id from rooms_room")
    _assert_no_hit_twice(kitchen)
    _assert_scores_are_the_logs(kitchen)
    verdict = kitchen.manage("rebuild_scores", "--verify", check=False)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    events, deliveries = (
        kitchen.value(f"select count(*) from {table}") for table in ("events_event", "events_delivery")
    )
    return {
        "users": users,
        "rooms": rooms,
        "hits": heard["hits"],
        "events": events,
        "deliveries": deliveries,
        "heard by witnesses": sum(heard.values()),
    }


def assert_rooms_are_there(kitchen: Kitchen, codes: Iterable[str]) -> None:
    """Who was shown a room has one."""
    there = {code for (code,) in kitchen.rows("select code from rooms_room")}
    assert set(codes) - there == set()


def logged_hits(kitchen: Kitchen, room: UUID) -> Counter[tuple[int, int | None, bool]]:
    """How often who hit whom by the log: (shooter's id, victim's id, destroyed)."""
    rows = kitchen.rows(
        "select actor, data from events_event where room = ? and type = 'SHIP_HIT' and actor is not null",
        _key(kitchen, room),
    )
    hits = [(actor, _json(data)) for actor, data in rows]
    return Counter((actor, data["victim"], data["destroyed"]) for actor, data in hits)


def seats(kitchen: Kitchen, room: UUID) -> dict[int, int]:
    """Who sits where: slot to user id."""
    query = "select slot, user_id from rooms_seat where room_id = ? and slot is not null"
    return dict(kitchen.rows(query, _key(kitchen, room)))


def longest_unseen(kitchen: Kitchen, room: UUID) -> float:
    """Seconds since the platform last noted that somebody's seat is in use: at 60 it is anybody's."""
    query = "select min(seen_at) from rooms_seat where room_id = ? and slot is not null"
    (seen,) = kitchen.rows(query, _key(kitchen, room))[0]
    at = seen if isinstance(seen, datetime) else datetime.fromisoformat(seen).replace(tzinfo=UTC)
    return (datetime.now(UTC) - at).total_seconds()


def room_of(kitchen: Kitchen, code: str) -> UUID:
    """The room of a code."""
    return _uuid(kitchen.value("select id from rooms_room where code = ?", code))


def _assert_heard_once(kitchen: Kitchen, witness: str, which: str) -> int:
    """The witness heard each of these events of the log once, and no other.

    Rooms that nobody is in expire all the time, so what is on its way just now is only not to be heard twice.
    """
    log = f"select event_id from events_event where {which}"
    told = _ids(
        kitchen, f"{log} and event_id not in (select event_id from events_delivery where done_at is null)"
    )
    heard = _ids(kitchen, f"select event from witness_heard where witness = '{witness}'")
    doubled = {event: times for event, times in heard.items() if times > 1}
    assert (doubled, told - heard, set(heard) - set(_ids(kitchen, log))) == ({}, Counter(), set()), witness
    return len(heard)


def _assert_told(kitchen: Kitchen, type: str, column: str, subjects: str) -> int:
    """Of each row that there is, the log says once that it came to be."""
    log = Counter(
        str(subject)
        for (subject,) in kitchen.rows(f"select {column} from events_event where type = '{type}'")
    )
    there = Counter(str(subject) for (subject,) in kitchen.rows(subjects))
    assert log == there, type
    return sum(there.values())


def _assert_no_hit_twice(kitchen: Kitchen) -> None:
    hits = kitchen.rows("select room, data from events_event where type = 'SHIP_HIT'")
    names = [(room, _json(data)) for room, data in hits]
    named = Counter((str(room), data["epoch"], data["tick"], data["olive"]) for room, data in names)
    assert {name: times for name, times in named.items() if times > 1} == {}


def _assert_scores_are_the_logs(kitchen: Kitchen) -> None:
    """Each room's board is what the log adds up to."""
    log = {
        (f"room/{_uuid(room)}", actor): points
        for room, actor, points in kitchen.rows(
            "select room, actor, sum(points) from events_event "
            "where points != 0 and room is not null group by room, actor"
        )
    }
    boards = "select board, player, points from events_score where board like 'room/' || ?"
    assert {(board, player): points for board, player, points in kitchen.rows(boards, "%")} == log


def _ids(kitchen: Kitchen, query: str) -> Counter[UUID]:
    return Counter(_uuid(value) for (value,) in kitchen.rows(query))


def _uuid(value: Any) -> UUID:
    """SQLite keeps 32 hex digits."""
    return value if isinstance(value, UUID) else UUID(value)


def _key(kitchen: Kitchen, value: UUID) -> Any:
    return value if kitchen.postgres else value.hex


def _json(value: Any) -> Any:
    return msgspec.json.decode(value) if isinstance(value, str) else value
