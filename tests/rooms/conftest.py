"""Alice hosts, bob joins, charlie is a stranger. Sockets are real ASGI ones and always disconnect."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.db import connections
from django.test import Client

from accounts.models import User
from accounts.sessions import BACKEND
from rooms import games, services
from rooms.database import close_threads, in_thread
from rooms.hub import Hub, get_hub
from rooms.models import Room
from tests.rooms.echo import Echo

HOST = "localhost"
ORIGIN = f"http://{HOST}"


@pytest.fixture(autouse=True)
def _echo(monkeypatch: pytest.MonkeyPatch) -> None:
    """The echo game is the only one, so that nothing here depends on another."""
    monkeypatch.setattr(games, "_games", {"echo": Echo()})


@pytest.fixture
def room(alice: User) -> Room:
    """Alice's room: three seats, in the lobby."""
    return services.create_room(kind="echo", settings={"size": 3}, host=alice)


PATIENCE = 60.0  # seconds that a slow machine may take


class Player(WebsocketCommunicator):
    """A browser's socket. `frames` keeps everything that was ever received."""

    def __init__(self, path: str, *, cookie: str = "", origin: str = ORIGIN) -> None:
        from spacegame.asgi import application

        headers = [(b"origin", origin.encode()), (b"host", HOST.encode()), (b"cookie", cookie.encode())]
        super().__init__(application, path, headers=headers)
        self.frames: list[dict[str, Any]] = []
        self.next_id = 0

    async def receive_output(self, timeout: float = PATIENCE) -> Any:  # noqa: ASYNC109 (the parent's signature)
        frame = await super().receive_output(timeout)
        self.frames.append(frame)
        return frame

    async def open(self) -> "Player":
        connected, _ = await self.connect(timeout=PATIENCE)
        assert connected
        return self

    async def disconnect(self, code: int = 1000, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109
        """Go, and wait until the server has done all that it does then."""
        await super().disconnect(code, timeout)

    async def event(self, name: str) -> dict[str, Any]:
        """The next event of this name; other frames are skipped."""
        return await self.until(lambda message: message.get("event") == name)

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next message that is wanted, within a time, however much else the room says."""
        async with asyncio.timeout(PATIENCE):
            while True:
                frame = await self.receive_output()
                assert frame["type"] == "websocket.send", f"closed: {frame}"
                if "text" in frame and wanted(message := json.loads(frame["text"])):
                    return message

    async def told(self, name: str) -> dict[str, Any]:
        """The last event of this name that came already, be it before an answer, or else the next."""
        before = [event for event in self.events if event["event"] == name]
        return before[-1] if before else await self.event(name)

    async def ask(self, action: str, **fields: Any) -> dict[str, Any]:
        """Send a request and wait for its acknowledgement."""
        self.next_id += 1
        asked = self.next_id
        await self.send_to(json.dumps({"id": asked, "action": action, **fields}, ensure_ascii=False))
        return await self.until(lambda message: message.get("ack") == asked)

    @property
    def events(self) -> list[dict[str, Any]]:
        """Every event that was received so far."""
        texts = [json.loads(frame["text"]) for frame in self.frames if "text" in frame]
        return [message for message in texts if "event" in message]

    async def state(self) -> dict[str, Any]:
        return (await self.ask("room.sync"))["state"]

    async def snapshot(self) -> bytes:
        async with asyncio.timeout(PATIENCE):
            while True:
                frame = await self.receive_output()
                assert frame["type"] == "websocket.send", f"closed: {frame}"
                if "bytes" in frame:
                    return frame["bytes"]

    async def closed(self) -> int:
        """The close code, once the server closes."""
        async with asyncio.timeout(PATIENCE):
            while True:
                frame = await self.receive_output()
                if frame["type"] == "websocket.close":
                    return frame["code"]


Connect = Callable[..., Any]


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    """This test's hub, stopped after it, with every thread's database connection closed."""
    hub = get_hub()
    yield hub
    await hub.stop()
    close_threads()
    await sync_to_async(connections.close_all)()


@pytest.fixture
async def connect(hub: Hub) -> AsyncIterator[Connect]:
    """`await connect(user, room)` opens a socket (user None: a visitor) and waits for its first frame.

    `watch=True`, `takeover=True`: the options. `refused=True`: do not wait, the test looks at the close code.
    `cookie`: this session instead of a new one.
    """
    opened: list[Player] = []

    async def open_socket(
        user: User | None,
        room: Room | str,
        *,
        watch: bool = False,
        takeover: bool = False,
        refused: bool = False,
        origin: str = ORIGIN,
        cookie: str | None = None,
    ) -> Player:
        code = room if isinstance(room, str) else room.code
        options = f"watch={int(watch)}&takeover={int(takeover)}"
        if cookie is None:
            cookie = await in_thread(session_cookie, user) if user else ""
        player = Player(f"/ws/rooms/{code}/?{options}", cookie=cookie, origin=origin)
        opened.append(player)
        await player.open()
        if not refused:
            player.first = await player.event("room.state")  # type: ignore[attr-defined]
        return player

    yield open_socket
    for player in opened:
        if not player.future.done():
            await player.disconnect()


def session_cookie(user: User) -> str:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return f"sessionid={client.cookies['sessionid'].value}"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What the services broadcast, in order."""
    from rooms.services import changing

    heard: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(changing, "broadcast", lambda topic, message: heard.append((topic, message)))
    return heard
