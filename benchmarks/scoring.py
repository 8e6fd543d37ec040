"""From a hit to the score: how many a second, and how long one takes to reach the scoreboard's socket.

    python -m benchmarks.scoring [--json]

Throughput: hits are recorded in batches through the recorder (a committed outbox row each) and sent to a
real Redis; then one worker process starts, and is timed from its first batch to its last. The baseline is one
Celery task a hit doing the same to the same database. Latency: 500 hits a second from a tick, through outbox,
broker, worker and bus, to a WebSocket of the room, on SQLite.
"""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import msgspec

from benchmarks.harness import Platform, arguments, isolated, percentile, platform, report

PLAYERS = 16
TICKS_PER_SECOND = 40
BARS = {
    "hits_per_s_postgres": "at least 10,000",
    "hits_per_s_sqlite": "at least 20,000",
    "ratio_postgres": "at least 15",
    "ratio_sqlite": "at least 15",
    "latency_p50_ms": "under 60",
    "latency_p99_ms": "under 200",
    "exact": "True",
}


def make_hits(*, room: UUID, players: list[int], first: int, count: int) -> list[Any]:
    """`count` hits with derived ids, as the arena makes them; nobody hits themselves."""
    from events.contracts import NewEvent

    now = datetime.now(UTC)
    return [
        NewEvent(
            event_id=uuid5(room, f"1:{number}"),
            type="SHIP_HIT",
            actor=players[number % len(players)],
            room=room,
            data={
                "epoch": 1,
                "tick": number,
                "olive": number % 48,
                "victim": players[(number + 1) % len(players)],
                "shooter_name": f"Load {number % len(players)}",
                "victim_name": f"Load {(number + 1) % len(players)}",
                "destroyed": False,
            },
            occurred_at=now,
            source="arena",
        )
        for number in range(first, first + count)
    ]


async def record_batches(batches: list[list[Any]]) -> None:
    """Each batch becomes an outbox row and a message of its own, as the hits of one tick do."""
    from events.recorder import get_recorder
    from events.sender import sender

    for batch in batches:
        await get_recorder().record(batch)
    await asyncio.to_thread(sender.flush)


def drain(built: Platform, *, remaining: Any, application: str = "spacegame") -> tuple[int, float]:
    """Start a worker on a backlog; (items done, seconds) from its first progress to its end."""
    worker = None
    total = remaining()
    worker = built.worker(application=application)
    left = total
    while (now_left := remaining()) == total:
        time.sleep(0.005)
    started, first, left = time.perf_counter(), now_left, now_left
    while left:
        time.sleep(0.01)
        left = remaining()
    seconds = time.perf_counter() - started
    worker.terminate()
    worker.wait(10)
    return first, seconds


def throughput(*, kind: str, hits: int, batch: int, baseline_hits: int) -> dict[str, Any]:
    """Hits a second through the outbox and by one task a hit, and whether every count is exact."""
    with platform(database=kind) as built:
        from benchmarks.players import make_players
        from events.models import Event, Outbox, Score

        players = [user.pk for user, _ in make_players(PLAYERS)]
        room = uuid5(NAMESPACE_OID, kind)
        made = make_hits(room=room, players=players, first=0, count=hits)
        asyncio.run(record_batches([made[place : place + batch] for place in range(0, hits, batch)]))
        rows, seconds = drain(built, remaining=Outbox.objects.count)
        ours = rows * batch / seconds

        singles = make_hits(room=room, players=players, first=hits, count=baseline_hits)
        _send_singles(singles)
        expected = hits + baseline_hits
        left, seconds = drain(
            built,
            remaining=lambda: expected - Event.objects.count(),
            application="benchmarks.baseline",
        )
        points = sum(Score.objects.filter(board="arena/all").values_list("points", flat=True))
        exact = Event.objects.count() == expected and points == expected
    return {"hits_per_s": ours, "baseline": left / seconds, "exact": exact}


def _send_singles(events: list[Any]) -> None:
    from benchmarks.baseline import store_one
    from events import payloads

    for event in events:
        store_one.apply_async((payloads.join([payloads.encode_event(event)]),), queue="scoring")


def latency(*, hits_per_s: int, seconds: int) -> list[float]:
    """Seconds from a tick's `record` to the frame on a room's socket that shows its points."""
    with platform(database="sqlite") as built:
        from benchmarks.players import make_players, make_room

        players = make_players(8)
        room = make_room(players[0][0], size=8, bots=0, round_seconds=0)
        built.worker()
        return asyncio.run(_measure_latency(built, players, room, hits_per_s=hits_per_s, seconds=seconds))


async def _measure_latency(
    built: Platform, players: list[Any], room: tuple[UUID, str], *, hits_per_s: int, seconds: int
) -> list[float]:
    """The web server runs in this process, so that hits can be recorded as its arena loop does."""
    import uvicorn

    from benchmarks.sockets import connect
    from events.recorder import get_recorder

    config = uvicorn.Config(
        "spacegame.asgi:application",
        port=built.port,
        ws="websockets-sansio",
        log_level="error",
        lifespan="off",
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.02)
    sockets = [await connect(built.url, f"/ws/rooms/{room[1]}/", cookie) for _, cookie in players]
    watcher = _Scoreboard()
    sockets[0].on_text = watcher.text
    ids = [user.pk for user, _ in players]
    await _worker_is_up(room[0], ids)
    slots = [socket.slot for socket in sockets]
    each, sent = hits_per_s / TICKS_PER_SECOND, 0
    started = time.perf_counter()
    for tick in range(seconds * TICKS_PER_SECOND):
        await asyncio.sleep(max(0.0, started + tick / TICKS_PER_SECOND - time.perf_counter()))
        count = int((tick + 1) * each) - sent
        batch = make_hits(room=room[0], players=ids, first=sent, count=count)
        watcher.expect([slots[(sent + place) % len(slots)] for place in range(count)], time.perf_counter())
        sent += count
        await get_recorder().record(batch)
    while watcher.waiting and time.perf_counter() - started < seconds + 10:
        await asyncio.sleep(0.05)
    server.should_exit = True
    await serving
    if watcher.waiting:
        raise RuntimeError("some points never reached the scoreboard")
    return watcher.latencies


async def _worker_is_up(room: UUID, players: list[int]) -> None:
    """A hit by a bot gives no points; once it has left the outbox there is a worker."""
    from events.models import Outbox
    from events.recorder import get_recorder

    (warm_up,) = make_hits(room=room, players=players, first=10**9, count=1)
    await get_recorder().record([msgspec.structs.replace(warm_up, actor=None)])
    while await Outbox.objects.aexists():
        await asyncio.sleep(0.05)


class _Scoreboard:
    """Which totals are still to come on the socket, and how long each took."""

    def __init__(self) -> None:
        self.totals: dict[int, int] = {}
        self.waiting: list[tuple[float, int, int]] = []
        self.latencies: list[float] = []

    def expect(self, slots: list[Any], now: float) -> None:
        for slot in slots:
            self.totals[slot] = self.totals.get(slot, 0) + 1
        self.waiting += [(now, slot, self.totals[slot]) for slot in dict.fromkeys(slots)]

    def text(self, text: bytes, now: float) -> None:
        if b'"scores"' not in text:
            return
        scores = msgspec.json.decode(text).get("scores") or {}
        shown = {int(slot): points for slot, points in scores.items()}
        still = []
        for began, slot, total in self.waiting:
            if shown.get(slot, 0) >= total:
                self.latencies.append(now - began)
            else:
                still.append((began, slot, total))
        self.waiting = still


def main() -> None:
    options = arguments(
        "From a hit to the score.", hits=50_000, batch=200, baseline_hits=3_000, rate=500, seconds=20
    )
    figures: dict[str, Any] = {}
    for kind in ("postgres", "sqlite"):
        result = isolated(
            throughput, kind=kind, hits=options.hits, batch=options.batch, baseline_hits=options.baseline_hits
        )
        figures[f"hits_per_s_{kind}"] = round(result["hits_per_s"])
        figures[f"baseline_hits_per_s_{kind}"] = round(result["baseline"])
        figures[f"ratio_{kind}"] = round(result["hits_per_s"] / result["baseline"], 1)
        figures["exact"] = figures.get("exact", True) and result["exact"]
    taken = isolated(latency, hits_per_s=options.rate, seconds=options.seconds)
    figures["latency_p50_ms"] = round(percentile(taken, 50) * 1000, 1)
    figures["latency_p99_ms"] = round(percentile(taken, 99) * 1000, 1)
    report(figures, as_json=options.json, bars=BARS)


if __name__ == "__main__":
    main()
