"""A player without a browser: joins a room over its real socket, sees what a player sees, and steers.

Speaks docs/protocol.md. It needs no Django, so it can play on a server that is far away:

    async with ArenaClient(url="http://127.0.0.1:8000", code="ABC234", cookie=cookie) as client:
        await client.until(lambda: client.slot is not None)
        await client.steer(Keys.THRUST | Keys.FIRE)
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from rooms.arena import wire

REASONS = {
    1006: "The server went away.",
    1012: "The server is restarting.",
    4401: "The server does not know this session.",
    4403: "This player was asked to leave.",
    4404: "There is no such room.",
    4409: "This player is connected already.",
    4410: "Another tab took this player over.",
    4421: "Another server process holds this room.",
    4423: "That room is full or locked.",
    4429: "The server heard too much from us.",
}
FRAME_LIMIT = 1 << 20
KEPT_SHOTS, KEPT_HITS = 200, 20_000
STEER_AGAIN_SECONDS = 0.5


class Refused(Exception):
    """The server closed the socket or answered with an error. `code` is the close code, or 0."""

    def __init__(self, message: str, *, code: int = 0) -> None:
        super().__init__(message)
        self.code = code


class SeenHit(NamedTuple):
    """A hit as a snapshot showed it. The three numbers and the tick name it within a room's epoch."""

    tick: int
    shooter: int
    victim: int
    olive: int
    destroyed: bool


@dataclass
class View:
    """What a client knows of a room: the JSON part as the server sent it, the newest snapshot, and
    the last shots and hits that it was shown."""

    room: dict[str, Any] = field(default_factory=dict)
    seats: dict[int, dict[str, Any]] = field(default_factory=dict)
    scores: dict[int, int] = field(default_factory=dict)
    game: dict[str, Any] = field(default_factory=dict)
    you: dict[str, Any] | None = None
    version: int = 0
    tick: int = 0
    ships: dict[int, "wire.ShipSeen"] = field(default_factory=dict)
    shots: deque[wire.ShotSeen] = field(default_factory=partial(deque, maxlen=KEPT_SHOTS))
    hits: deque[SeenHit] = field(default_factory=partial(deque, maxlen=KEPT_HITS))

    @property
    def bots(self) -> set[int]:
        """Slots that nobody sits in."""
        return {bot["slot"] for bot in self.game.get("bots", ())}

    def take_event(self, event: dict[str, Any]) -> None:
        """Apply one JSON push, or the `state` of an answer."""
        self.version = event.get("version", self.version)
        match event.get("event"):
            case "room.state":
                self._take_state(event)
            case "room.changed":
                self.room = event["room"]
            case "seat.joined":
                self.seats[event["seat"]["slot"]] = event["seat"]
            case "seat.left":
                self.seats.pop(event["slot"], None)
            case "seat.connection":
                if seat := self.seats.get(event["slot"]):
                    seat["connected"] = event["connected"]
            case "scores":
                self.scores |= _by_slot(event["scores"])  # those that changed
            case "game.changed":
                self.game = event["game"]

    def _take_state(self, state: dict[str, Any]) -> None:
        self.version = state["version"]
        self.room, self.game, self.you = state["room"], state["game"], state["you"]
        self.seats = {seat["slot"]: seat for seat in state["seats"]}
        self.scores = _by_slot(state["scores"])

    def take_snapshot(self, frame: bytes) -> None:
        """Apply one binary frame."""
        snapshot = wire.decode_snapshot(frame)
        self.tick = snapshot.tick
        if snapshot.whole:
            self.ships = {}
        self.ships |= {ship.slot: ship for ship in snapshot.ships}
        self.shots += snapshot.shots
        self.hits += [
            SeenHit(snapshot.tick, hit.shooter, hit.victim, hit.olive, hit.destroyed) for hit in snapshot.hits
        ]


class ArenaClient:
    """One socket. Use as an async context manager; it listens in the background until it is left."""

    def __init__(
        self, *, url: str, code: str, cookie: str = "", watch: bool = False, takeover: bool = False
    ) -> None:
        self.url, self.code, self.cookie = url.rstrip("/"), code, cookie
        self.query = "&".join([*["watch=1"] * watch, *["takeover=1"] * takeover])
        self.view = View()
        self.on_frame: Callable[[str | bytes], None] | None = None
        self.close_code: int | None = None
        self._acks: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._next_id = self._sequence = 0
        self._changed = asyncio.Event()
        self._socket: ClientConnection
        self._listener: asyncio.Task[None]

    @property
    def slot(self) -> int | None:
        """Our ship's number; None for a spectator, or before the first frame."""
        return self.view.you["slot"] if self.view.you else None

    @property
    def ship(self) -> "wire.ShipSeen | None":
        """Our own ship in the newest snapshot."""
        return self.view.ships.get(-1 if self.slot is None else self.slot)

    async def __aenter__(self) -> Self:
        scheme = "wss" if self.url.startswith("https") else "ws"
        address = f"{scheme}://{urlsplit(self.url).netloc}/ws/rooms/{self.code}/?{self.query}"
        headers = {"Cookie": self.cookie} if self.cookie else {}
        try:
            self._socket = await connect(
                address,
                origin=self.url,  # type: ignore[arg-type]
                additional_headers=headers,
                max_size=FRAME_LIMIT,
                compression=None,
                proxy=None,
            )
        except InvalidStatus as error:
            if error.response.status_code >= 500:  # its database is away, say: as good as gone for a moment
                raise ConnectionError(str(error)) from error
            raise Refused(f"The server would not open a socket: {error}") from error
        except InvalidHandshake as error:  # it went away while we knocked
            raise ConnectionError(str(error)) from error
        self._listener = asyncio.create_task(self._listen(), name=f"client of {self.code}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._socket.close()
        with suppress(asyncio.CancelledError):
            await self._listener

    async def _listen(self) -> None:
        try:
            async for frame in self._socket:
                if self.on_frame:
                    self.on_frame(frame)
                self._take(frame)
        except ConnectionClosed:
            pass
        finally:
            self.close_code = self._socket.close_code or 1006
            self._wake()
            for waiting in self._acks.values():
                if not waiting.done():
                    waiting.set_exception(self._refusal())

    def _take(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            self.view.take_snapshot(frame)
        else:
            message = json.loads(frame)
            if (waiting := self._acks.pop(message.get("ack", -1), None)) and not waiting.done():
                waiting.set_result(message)
            if "event" in message:
                self.view.take_event(message)
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _refusal(self) -> Refused:
        code = self.close_code or 1006
        return Refused(REASONS.get(code, f"The server closed the socket ({code})."), code=code)

    async def changed(self) -> None:
        """Wait for the next frame. Raises `Refused` once the socket is closed."""
        if self.close_code is not None:
            raise self._refusal()
        await self._changed.wait()

    async def until(self, condition: Callable[[], Any], *, seconds: float = 10.0) -> Any:
        """Wait for frames until `condition()` is true, and give what it gave."""
        async with asyncio.timeout(seconds):
            while not (value := condition()):
                await self.changed()
            return value

    async def request(self, action: str, **fields: Any) -> dict[str, Any]:
        """Do an action and wait for its answer. Raises `Refused` with the server's message."""
        self._next_id += 1
        waiting = self._acks[self._next_id] = asyncio.get_running_loop().create_future()
        await self.send(json.dumps({"id": self._next_id, "action": action, **fields}))
        answer: dict[str, Any] = await waiting
        if error := answer.get("error"):
            raise Refused(error["message"])
        return answer

    async def send(self, frame: str | bytes) -> None:
        """Send a frame as it is. Raises `Refused` once the socket is closed."""
        try:
            await self._socket.send(frame)
        except ConnectionClosed as error:
            raise self._refusal() from error

    async def steer(self, keys: int, aim: int = 0) -> None:
        """Hold exactly these keys from now on."""
        self._sequence = (self._sequence + 1) & 0xFFFF
        frame = wire.encode_input(sequence=self._sequence, tick=self.view.tick & 0xFFFF, keys=keys, aim=aim)
        await self.send(frame)

    async def fly(self, pilot: Callable[[View], tuple[int, int]]) -> None:
        """Let `pilot` choose (keys, aim) at each snapshot until the socket closes, which raises `Refused`."""
        held, tick, sent_at = (-1, -1), -1, 0.0
        loop = asyncio.get_running_loop()
        while True:
            await self.changed()
            if self.view.tick == tick:
                continue
            tick, wanted = self.view.tick, pilot(self.view)
            if wanted != held or loop.time() - sent_at > STEER_AGAIN_SECONDS:
                await self.steer(*wanted)
                held, sent_at = wanted, loop.time()


def _by_slot(scores: dict[str, int]) -> dict[int, int]:
    return {int(slot): points for slot, points in scores.items()}
