"""Frames reach the browser the same, whichever way the server lets them take."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import uvicorn
import uvloop
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from rooms.encoding import text_frame
from rooms.sockets import Socket
from rooms.wires import KeepSend, find_write, take_binary
from tests.support.waiting import eventually

SIZES = (0, 125, 126, 400, 65_535, 65_536)


class Oven:
    """An application with one `Socket`, served by a real uvicorn; the test is told when it is open.

    `short`: with the middleware that shows the short way; else all goes as with a server that has none.
    """

    def __init__(self, *, short: bool = True) -> None:
        self.opened: asyncio.Future[Socket] = asyncio.get_running_loop().create_future()
        self.short: bool | None = None
        self.taken: list[bytes] = []
        self.received: list[bytes | str] = []
        self.server = uvicorn.Server(
            uvicorn.Config(
                KeepSend(self.application) if short else self.application,
                port=0,
                ws="websockets-sansio",
                interface="asgi3",
                lifespan="off",
                log_level="error",  # type: ignore[arg-type]
            )
        )

    async def application(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        wire = find_write(scope)
        self.protocol = send.__self__
        self.short = wire is not None
        await receive()
        await send({"type": "websocket.accept"})
        take_binary(scope, self.taken.append)
        self.opened.set_result(Socket(send=send, drop=lambda: None, wire=wire))
        while (message := await receive())["type"] != "websocket.disconnect":
            self.received.append(message.get("bytes") or message["text"])

    async def __aenter__(self) -> "Oven":
        self.serving = asyncio.create_task(self.server.serve())
        await eventually(lambda: self.server.started)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.url = f"ws://127.0.0.1:{port}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.should_exit = True
        await self.serving


@pytest.mark.parametrize("short", [True, False])
async def test_frames_of_every_size_arrive_as_they_were_sent(short: bool) -> None:
    async with Oven(short=short) as oven, connect(oven.url, max_size=None) as page:
        socket = await oven.opened
        assert oven.short is short
        for size in SIZES:
            socket.send_snapshot(bytes(size))
            socket.send({"event": "ü" * size})
        for size in SIZES:
            assert await page.recv() == bytes(size)
            assert await page.recv() == text_frame({"event": "ü" * size})["text"]


async def test_binary_messages_are_taken_as_they_come_and_the_rest_is_received() -> None:
    async with Oven() as oven:
        async with connect(oven.url) as page:
            await oven.opened
            await page.send(b"keys")
            await page.send("hello")
            await page.send([b"in ", b"parts"])
        await eventually(lambda: b"in parts" in oven.received)
    assert (oven.taken, oven.received) == ([b"keys"], ["hello", b"in parts"])


MASK = b"\x01\x02\x03\x04"


def masked(payload: bytes) -> bytes:
    return bytes(byte ^ MASK[at % 4] for at, byte in enumerate(payload))


def as_client(first: int, payload: bytes) -> bytes:
    """A frame as a browser sends it."""
    length = len(payload)
    head = bytes((first, 0x80 | length)) if length < 126 else bytes((first, 0xFE)) + length.to_bytes(2, "big")
    return head + MASK + masked(payload)


async def fed(pieces: Sequence[bytes]) -> tuple[list[bytes], list[bytes | str]]:
    """What the application takes and what it receives of an open connection that reads these pieces."""
    async with Oven() as oven, connect(oven.url):
        await oven.opened
        for piece in pieces:
            oven.protocol.data_received(piece)
        oven.protocol.data_received(as_client(0x81, b"the end"))
        await eventually(lambda: "the end" in oven.received)
        return oven.taken, oven.received[:-1]


STREAM = [
    as_client(*frame)
    for frame in (
        (0x82, b"keys"), (0x82, b""), (0x81, b"hello"), (0x82, bytes(125)), (0x82, bytes(126)),
        (0x02, b"in "), (0x89, b"ping"), (0x80, b"parts"), (0x82, b"again"), (0x81, b"bye"), (0x82, b"last"),
    )
]  # fmt: skip


@pytest.mark.parametrize("size", [None, 1, 2, 3, 5, 6, 7, 10, 11, 40, 131, 1000])
async def test_however_the_bytes_come_the_messages_are_the_same(size: int | None) -> None:
    stream = b"".join(STREAM)
    pieces = STREAM if size is None else [stream[at : at + size] for at in range(0, len(stream), size)]
    taken = [b"keys", b"", bytes(125), bytes(126), b"again", b"last"]
    assert await fed(pieces) == (taken, ["hello", b"in parts", "bye"])


async def test_a_message_is_taken_whole_wherever_it_is_cut() -> None:
    stream = as_client(0x82, b"one") + as_client(0x82, b"another")
    pieces = [part for at in range(1, len(stream)) for part in (stream[:at], stream[at:])]
    assert await fed(pieces) == ([b"one", b"another"] * (len(stream) - 1), [])


async def test_what_looks_like_a_message_within_another_is_a_part_of_it() -> None:
    payload = bytes(8) + masked(as_client(0x82, b"no keys"))
    frame = as_client(0x82, payload)
    assert await fed([frame[:-13], frame[-13:]]) == ([payload], [])


async def test_a_message_amid_the_parts_of_another_ends_the_connection() -> None:
    async with Oven() as oven, connect(oven.url) as page:
        await oven.opened
        for frame in (as_client(0x02, b"in "), as_client(0x82, b"keys")):
            oven.protocol.data_received(frame)
        with pytest.raises(ConnectionClosed):
            await page.recv()
        assert (oven.taken, page.close_code) == ([], 1002)


async def test_after_our_close_frame_nothing_is_taken() -> None:
    async with Oven() as oven, connect(oven.url):
        socket = await oven.opened
        socket.close(4429)
        oven.protocol.data_received(as_client(0x82, b"late"))
        assert oven.taken == []


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_a_short_message_is_taken_without_the_servers_parser(run: Callable[..., None]) -> None:
    async def play() -> None:
        async with Oven() as oven, connect(oven.url, compression=None) as page:
            await oven.opened
            oven.protocol.conn.receive_data = None
            await page.send(b"keys")
            await eventually(lambda: oven.taken)
            del oven.protocol.conn.receive_data
        assert oven.taken == [b"keys"]

    run(play())


async def test_nothing_follows_the_close_frame() -> None:
    async with Oven() as oven, connect(oven.url) as page:
        socket = await oven.opened
        socket.send({"last": True})
        socket.close(4429)
        socket.send({"late": True})
        assert await page.recv() == '{"last":true}'
        with pytest.raises(ConnectionClosed):
            await page.recv()
        assert page.close_code == 4429


async def test_to_a_peer_who_is_gone_nothing_is_sent_and_nothing_raised() -> None:
    async with Oven() as oven:
        async with connect(oven.url):
            socket = await oven.opened

        def is_closed() -> bool:
            socket.send_snapshot(b"anybody?")
            return socket.closed is not None

        await eventually(is_closed)
        assert socket.closed == 1006


async def test_a_slow_reader_makes_the_short_way_wait_like_the_long_one() -> None:
    async with Oven() as oven, connect(oven.url, max_queue=1) as page:
        socket = await oven.opened
        page.transport.pause_reading()
        while not socket.busy:
            socket.send_snapshot(bytes(65_000))
        socket.send_snapshot(b"older")
        socket.send_snapshot(b"newest")
        page.transport.resume_reading()
        frame: bytes | str = b""
        while len(frame) in (0, 65_000):
            frame = await page.recv()
        assert frame == b"newest"


async def test_another_servers_send_is_left_alone() -> None:
    async def send(message: dict[str, Any]) -> None:
        raise AssertionError

    assert find_write({}) is None
    assert find_write({"space_pizzas.send": send}) is None
