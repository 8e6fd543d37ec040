"""Durable before visible: a recorded hit is in the outbox or synced to the spool, whatever is away."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import OperationalError, connection, connections, transaction

from events import keeping, spool
from events.keeping import drain_spool
from events.models import Outbox
from events.payloads import MAX_BYTES
from events.recorder import Recorder
from events.spool import Row, SpoolFile
from events.tasks import store_events
from tests.events.making import assert_exact, hit, payload_of
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
async def _close_connections() -> AsyncIterator[None]:
    """The thread that serves asynchronous code has a connection of its own."""
    yield
    await sync_to_async(connections.close_all)()


@pytest.fixture
def directory(tmp_path: Path, settings: object) -> Path:
    settings.SPOOL_DIR = tmp_path / "spool"  # type: ignore[attr-defined]
    return tmp_path / "spool"


@pytest.fixture
def recorder(directory: Path) -> Iterator[Recorder]:
    recorder = Recorder()
    yield recorder
    recorder.stop()


class Outage:
    """The database refuses whatever the recorder wants to insert, until it is over."""

    def __init__(self) -> None:
        self.on = False
        self._insert = keeping.insert_rows

    def insert(self, rows: list[Row]) -> None:
        if self.on:
            raise OperationalError("connection refused")
        self._insert(rows)


@pytest.fixture
def outage(monkeypatch: pytest.MonkeyPatch) -> Outage:
    outage = Outage()
    monkeypatch.setattr(keeping, "insert_rows", outage.insert)
    monkeypatch.setattr(keeping, "PROBE_SECONDS", 0.05)
    monkeypatch.setattr("events.recorder.IDLE_SECONDS", 0.05)
    return outage


def consume_all() -> None:
    for row in Outbox.objects.order_by("created_at"):
        store_events(str(row.pk), row.payload)


async def test_a_resolved_future_means_a_committed_row(recorder: Recorder) -> None:
    hits = [hit(), hit()]
    await recorder.record(hits)
    assert await Outbox.objects.acount() == 1
    await sync_to_async(consume_all)()
    await sync_to_async(assert_exact)(hits)


async def test_what_comes_during_a_commit_is_committed_together(recorder: Recorder) -> None:
    hits = [hit() for _ in range(300)]
    await asyncio.gather(*(recorder.record([one]) for one in hits))
    assert await Outbox.objects.acount() < 100
    assert recorder.stats()["recorded"] == 300
    await sync_to_async(consume_all)()
    await sync_to_async(assert_exact)(hits)


async def test_nothing_to_record_is_recorded_at_once(recorder: Recorder) -> None:
    assert recorder.record([]).done()


async def test_a_row_is_bounded(recorder: Recorder) -> None:
    hits = [hit() for _ in range(1200)]
    await recorder.record(hits)
    sizes = [len(row.payload) async for row in Outbox.objects.all()]
    assert len(sizes) > 1
    assert max(sizes) <= MAX_BYTES + 2
    await sync_to_async(consume_all)()
    await sync_to_async(assert_exact)(hits)


async def test_with_the_database_away_hits_go_to_the_spool_and_come_back(
    recorder: Recorder, outage: Outage, directory: Path
) -> None:
    hits = [hit() for _ in range(3)]
    outage.on = True
    for one in hits[:2]:
        await recorder.record([one])
    assert recorder.stats()["state"] == "spooling"
    assert recorder.stats()["spooled"] == 2
    assert sum(path.stat().st_size for path in directory.iterdir()) > 0
    outage.on = False
    await sync_to_async(wait_for)(lambda: recorder.stats()["spooled"] == 0)
    await recorder.record(hits[2:])
    assert list(directory.iterdir()) == []
    await sync_to_async(consume_all)()
    await sync_to_async(assert_exact)(hits)


async def test_a_stop_during_an_outage_leaves_the_spool_to_others(
    recorder: Recorder, outage: Outage, directory: Path
) -> None:
    hits = [hit()]
    outage.on = True
    await recorder.record(hits)
    await sync_to_async(recorder.stop)()
    outage.on = False
    assert await sync_to_async(drain_spool)() == 1
    await sync_to_async(consume_all)()
    await sync_to_async(assert_exact)(hits)


async def test_a_stopped_recorder_starts_again(recorder: Recorder) -> None:
    await recorder.record([hit()])
    await sync_to_async(recorder.stop)()
    await recorder.record([hit()])
    assert await Outbox.objects.acount() == 2


def test_a_database_that_takes_no_writes_does_not_hold_the_game(recorder: Recorder, directory: Path) -> None:
    hits = [hit()]

    async def record() -> None:
        await recorder.record(hits)

    with transaction.atomic():
        _shut_writers_out()
        asyncio.run(record())
        assert recorder.stats()["spooled"] == 1
    wait_for(lambda: recorder.stats()["spooled"] == 0)
    consume_all()
    assert_exact(hits)


def _shut_writers_out() -> None:
    """On SQLite the transaction alone does."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE events_outbox IN EXCLUSIVE MODE")


def _rows(count: int) -> list[Row]:
    return [Row(uuid4(), payload_of([hit()])) for _ in range(count)]


def test_a_torn_tail_is_noticed_and_what_was_promised_is_kept(
    directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = _rows(3)
    directory.mkdir()
    frames = [spool.encode(row) for row in rows]
    for cut in (1, len(frames[2]) // 2, len(frames[2]) - 1):
        (directory / "1-dead.spool").write_bytes(b"".join(frames)[:-cut])
        with caplog.at_level(logging.WARNING):
            assert drain_spool() == 2
        assert "no whole frame" in caplog.text
        assert list(directory.iterdir()) == []
    assert {row.pk for row in Outbox.objects.all()} == {row.outbox_id for row in rows[:2]}


def test_a_damaged_frame_costs_only_itself(directory: Path) -> None:
    frames = [bytearray(spool.encode(row)) for row in _rows(3)]
    frames[1][40] ^= 255
    directory.mkdir()
    (directory / "1-dead.spool").write_bytes(b"".join(frames))
    assert drain_spool() == 2


def test_draining_twice_changes_nothing(directory: Path) -> None:
    hits = [hit()]
    directory.mkdir()
    frame = spool.encode(Row(uuid4(), payload_of(hits)))
    for _ in range(2):
        (directory / "1-dead.spool").write_bytes(frame)
        assert drain_spool() == 1
        consume_all()
    assert_exact(hits)


def test_a_living_processes_spool_is_left_alone(directory: Path) -> None:
    writer = SpoolFile(directory)
    writer.append(_rows(1))
    assert drain_spool() == 0
    writer.close()
    assert drain_spool() == 1


def test_a_drain_that_fails_half_way_is_begun_again(directory: Path) -> None:
    writer = SpoolFile(directory)
    writer.append(_rows(2))

    def refuse(_rows: object) -> None:
        raise OperationalError("gone again")

    with pytest.raises(OperationalError):
        writer.drain(refuse)
    assert writer.drain(keeping.insert_rows) == 2
    assert Outbox.objects.count() == 2
    assert not settings.SPOOL_DIR.exists() or list(settings.SPOOL_DIR.iterdir()) == []
