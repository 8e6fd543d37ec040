"""A browser that reads too slowly gets the newest snapshot, never delays others, and is let go in the end."""

import asyncio
from typing import Any

import pytest

from rooms.sockets import MAX_QUEUED, Socket
from tests.support.waiting import eventually


class Peer:
    """A transport like uvicorn's: `send` suspends while `reading` is unset."""

    def __init__(self) -> None:
        self.reading = asyncio.Event()
        self.got: list[dict[str, Any]] = []
        self.dropped = False
        self.socket = Socket(send=self.send, drop=self.drop)

    async def send(self, message: dict[str, Any]) -> None:
        await self.reading.wait()
        self.got.append(message)

    def drop(self) -> None:
        self.dropped = True

    async def settle(self) -> None:
        await eventually(lambda: not self.socket.busy)


async def test_a_fast_reader_gets_everything_at_once_and_without_a_task() -> None:
    peer = Peer()
    peer.reading.set()
    before = len(asyncio.all_tasks())
    peer.socket.send_snapshot(b"1")
    peer.socket.send({"event": "a"})
    assert [m.get("bytes") or m["text"] for m in peer.got] == [b"1", '{"event":"a"}']
    assert len(asyncio.all_tasks()) == before


async def test_snapshots_for_a_slow_reader_coalesce_to_the_newest() -> None:
    peer = Peer()
    for number in range(100):
        peer.socket.send_snapshot(bytes([number]))
    peer.reading.set()
    await peer.settle()
    assert [m["bytes"] for m in peer.got] == [b"\x00", bytes([99])]


async def test_reliable_messages_for_a_slow_reader_all_arrive_in_order() -> None:
    peer = Peer()
    for number in range(MAX_QUEUED):
        peer.socket.send({"n": number})
    peer.reading.set()
    await peer.settle()
    assert [m["text"] for m in peer.got] == [f'{{"n":{number}}}' for number in range(MAX_QUEUED)]


async def test_a_reader_that_is_far_behind_is_closed() -> None:
    peer = Peer()
    for number in range(MAX_QUEUED + 2):
        peer.socket.send({"n": number})
    assert peer.socket.closed == 4408
    peer.reading.set()
    await eventually(lambda: peer.dropped)
    assert peer.got[-1] == {"type": "websocket.close", "code": 4408, "reason": ""}


async def test_a_peer_that_reads_nothing_any_more_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rooms.sockets.CLOSE_SECONDS", 0.01)
    peer = Peer()
    peer.socket.send({"n": 1})
    peer.socket.close(4408)
    await eventually(lambda: peer.dropped)
    assert peer.got == []


async def test_nothing_is_sent_after_a_close() -> None:
    peer = Peer()
    peer.reading.set()
    peer.socket.close(4403)
    peer.socket.close(4408)
    peer.socket.send({"event": "late"})
    peer.socket.send_snapshot(b"late")
    assert [m["type"] for m in peer.got] == ["websocket.close"]


async def test_a_peer_whose_connection_broke_is_quiet() -> None:
    async def broken(message: dict[str, Any]) -> None:
        raise ConnectionResetError

    socket = Socket(send=broken, drop=lambda: None)
    socket.send({"event": "a"})
    assert socket.closed == 1006
