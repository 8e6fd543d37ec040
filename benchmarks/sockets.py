"""A WebSocket load client that costs little: one protocol a socket, frames counted, hardly looked at.

A load process must not be the bottleneck of what it measures, so this speaks just the part of RFC 6455 that
the platform's server sends: unfragmented, unmasked frames without extensions.
"""

import asyncio
import base64
import os
import struct
import time
from collections.abc import Callable
from typing import cast

import msgspec

HEADER = struct.Struct("<BBIBBBB")
INPUT = struct.Struct("<BHHBB")
SHIP_SIZE = 12


class PlayerSocket(asyncio.Protocol):
    """One player. `frames` and `bytes` count binary frames; `latencies` holds input-to-snapshot seconds.

    `close_code` is what the server said when it closed; `lost`: the connection is gone, said or not.
    """

    def __init__(self, *, path: str, cookie: str, origin: str, sample: bool = False) -> None:
        self.path, self.cookie, self.origin, self.sample = path, cookie, origin, sample
        self.frames = self.bytes = self.sequence = self.tick = 0
        self.slot: int | None = None
        self.latencies: list[float] = []
        self.close_code: int | None = None
        self.lost = False
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.on_text: Callable[[bytes, float], None] | None = None
        self._sent: dict[int, float] = {}
        self._buffer = b""
        self._open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        key = base64.b64encode(os.urandom(16)).decode()
        host = self.origin.removeprefix("http://")
        self.transport.write(
            f"GET {self.path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {self.origin}\r\nCookie: {self.cookie}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        data = self._buffer + data if self._buffer else data
        if not self._open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._buffer = head
                return
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                self._fail(ConnectionError(head[:200].decode(errors="replace")))
                return
            self._open = True
        self._buffer = self._frames_in(data)

    def _frames_in(self, data: bytes) -> bytes:
        place, end = 0, len(data)
        while end - place >= 2:
            length, start = data[place + 1], place + 2
            if length == 126:
                if end - place < 4:
                    break
                length, start = int.from_bytes(data[place + 2 : place + 4]), place + 4
            elif length == 127:
                if end - place < 10:
                    break
                length, start = int.from_bytes(data[place + 2 : place + 10]), place + 10
            if end - start < length:
                break
            self._frame(data[place] & 15, data, start, length)
            place = start + length
        return data[place:]

    def _frame(self, opcode: int, data: bytes, start: int, length: int) -> None:
        if opcode == 2:
            self.frames += 1
            self.bytes += length
            self.tick = int.from_bytes(data[start + 2 : start + 6], "little")
            if self.sample and self._sent:
                self._look_for_ack(data, start)
        elif opcode == 1:
            self._text(data[start : start + length])
        elif opcode == 8:
            self.close_code = int.from_bytes(data[start : start + 2])
            self._fail(ConnectionError(f"closed with {self.close_code}"))
        elif opcode == 9:
            self._send(10, data[start : start + length])

    def _look_for_ack(self, data: bytes, start: int) -> None:
        place = start + HEADER.size
        for _ in range(data[start + 6]):
            if data[place] == self.slot:
                sent = self._sent.pop(data[place + 11], None)
                if sent is not None:
                    self.latencies.append(time.perf_counter() - sent)
                return
            place += SHIP_SIZE

    def _text(self, text: bytes) -> None:
        if self.on_text is not None:
            self.on_text(text, time.perf_counter())
        if self.slot is None and b'"room.state"' in text:
            you = msgspec.json.decode(text)["you"]
            self.slot = you["slot"] if you else -1
            if not self.ready.done():
                self.ready.set_result(None)

    def _fail(self, error: Exception) -> None:
        if not self.ready.done():
            self.ready.set_exception(error)
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        if not self.ready.done():
            self.ready.set_exception(exc or ConnectionError("closed before the room's state came"))

    def send_keys(self, keys: int, aim: int = 0) -> None:
        """Send one input frame for the next tick."""
        self.sequence = (self.sequence + 1) & 0xFFFF
        if self.sample:
            self._sent = {self.sequence & 255: time.perf_counter()}
        self._send(2, INPUT.pack(1, self.sequence, (self.tick + 1) & 0xFFFF, keys, aim))

    def send_text(self, text: bytes) -> None:
        """Send a JSON message of at most 125 bytes."""
        self._send(1, text)

    def _send(self, opcode: int, payload: bytes) -> None:
        # A mask of zeros is a legal mask, and costs nothing to apply.
        self.transport.write(bytes((0x80 | opcode, 0x80 | len(payload))) + b"\0\0\0\0" + payload)


async def connect(origin: str, path: str, cookie: str, *, sample: bool = False) -> PlayerSocket:
    """A joined player; `ConnectionError` when refused."""
    host, _, port = origin.removeprefix("http://").partition(":")
    _, player = await asyncio.get_running_loop().create_connection(
        lambda: PlayerSocket(path=path, cookie=cookie, origin=origin, sample=sample), host, int(port)
    )
    await asyncio.wait_for(player.ready, 30)
    return player
