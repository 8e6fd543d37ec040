"""The WebSocket endpoints: who may come in, what they may send, and how they leave. No rules, no waiting.

These are Channels consumers without a channel layer of their own (the hub has it) that read their socket in
a plain loop: Channels' dispatch would cost a task a message.
"""

import asyncio
import logging
import time
from typing import Any
from urllib.parse import parse_qs

from channels.consumer import AsyncConsumer

from accounts.models import User
from rooms import errors, selectors, services
from rooms.actions import Context, perform, refused, table_with
from rooms.database import in_thread
from rooms.errors import Close, RoomError
from rooms.games import get_game
from rooms.hub import Hub, get_hub
from rooms.limits import TokenBucket, Verdict
from rooms.live import LiveRoom
from rooms.models import Status
from rooms.sockets import Socket
from rooms.wires import find_write, take_binary

logger = logging.getLogger(__name__)

MAX_TEXT = 4096
MAX_BINARY = 256
MAX_BAD_FRAMES = 10
BAD_FRAMES_A_SECOND = 0.5
# A close frame has room for 123 bytes of reason.
MAX_REASON = 120
LOST = 1006


class PlainConsumer(AsyncConsumer):
    """A socket that is accepted, served, and tidied away, whatever happens."""

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self.scope, self.receive = scope, receive
        self._task = asyncio.current_task()
        self.hub: Hub = get_hub()
        self.socket = Socket(send=send, drop=self._drop, user_id=user_id_of(scope), wire=find_write(scope))
        self.code = LOST
        await receive()
        # Accepted first, even if refused then: a browser can read a close code only of an open socket.
        await send({"type": "websocket.accept"})
        try:
            await self._serve()
        except asyncio.CancelledError:
            if self.socket.closed is None:
                raise
        finally:
            self.socket.gone()
            self.hub.remove(self.socket)
            self.depart()

    def _drop(self) -> None:
        """End the receive loop of a peer that does not even read the close frame."""
        if self._task is not None:
            self._task.cancel()

    async def _serve(self) -> None:
        try:
            await self.hub.ready()
            await self.arrive()
        except RoomError as refusal:
            self.refuse(refusal)
        except Exception:
            logger.exception("A socket could not be let in")
            self.socket.close(Close.GOING_AWAY)
        await self.read()

    async def read(self) -> None:
        """Handle frames until the peer is gone. After a close of ours they are only drained."""
        while True:
            message = await self.receive()
            if message["type"] == "websocket.disconnect":
                self.code = message.get("code") or LOST
                return
            if self.socket.closed is None:
                await self.take(message)

    def refuse(self, refusal: RoomError) -> None:
        self.socket.close(refusal.close, refusal.text.encode()[:MAX_REASON].decode(errors="ignore"))

    async def arrive(self) -> None:
        """Let the socket in; raises `RoomError` to refuse it."""
        raise NotImplementedError

    async def take(self, message: dict[str, Any]) -> None:
        """Handle one frame."""
        raise NotImplementedError

    def depart(self) -> None:
        """The socket is closed."""


class Nowhere(PlainConsumer):
    """An address that no page of ours asks for."""

    async def arrive(self) -> None:
        raise errors.NoSuchRoom

    async def take(self, message: dict[str, Any]) -> None:
        return


class RoomConsumer(PlainConsumer):
    """`/ws/rooms/<code>/`: docs/protocol.md is its specification."""

    room: LiveRoom | None = None

    async def arrive(self) -> None:
        self.inputs = TokenBucket(rate=60, burst=120, flood=240)
        self.texts = TokenBucket(rate=10, burst=30, flood=60)
        self.bad = TokenBucket(rate=BAD_FRAMES_A_SECOND, burst=MAX_BAD_FRAMES, flood=0)
        options = options_of(self.scope)
        found = await in_thread(selectors.room_by_code, self.scope["url_route"]["kwargs"]["code"])
        plays = "watch" not in options and await self._has_seat(found.status)
        game = get_game(found.kind)
        room = await self.hub.host.open(found.id, shared=not game.single_process)
        if plays:
            plays = await self._sit(room, takeover="takeover" in options)
        self.actions = table_with(game.actions)
        self.context = Context(room, self.socket, refresh=self.hub.host.following.refresh)
        self.hub.add(self.socket)
        self.room = room
        self.hub.host.enter(room, self.socket, as_player=plays)
        take_binary(self.scope, self._take_at_once)

    async def _has_seat(self, status: str) -> bool:
        """Whether to seat this visitor; after the round, those without a session may watch the podium."""
        if self.socket.user_id is not None:
            return True
        if status == Status.COMPLETED:
            return False
        raise errors.NoSession

    async def _sit(self, room: LiveRoom, *, takeover: bool) -> bool:
        user: User = self.scope["user"]
        if room.socket_of(user.pk) is not None and not takeover:
            raise errors.AlreadyHere
        try:
            await in_thread(services.take_seat, room_id=room.id, user=user)
        except errors.RoomEnded:
            if room.status != Status.COMPLETED:
                raise
            return False
        await self.hub.host.following.refresh(room)
        # Nothing waits from here until the socket is in: two tabs that come at once cannot both pass.
        if (older := room.socket_of(user.pk)) is not None:
            if not takeover:
                raise errors.AlreadyHere
            room.expel(older, Close.TAKEN_OVER)
        if room.slot_of(user.pk) is None:
            raise errors.HeldElsewhere
        return True

    async def take(self, message: dict[str, Any]) -> None:
        try:
            data = message.get("bytes")
            if data is not None:
                self._take_input(data)
            else:
                await self._take_text(message.get("text") or "")
        except errors.BadFrame as refusal:
            self._count_bad(refusal)

    def _take_at_once(self, data: bytes) -> None:
        """A binary frame that took the short way in."""
        try:
            if self.socket.closed is None:
                self._take_input(data)
        except errors.BadFrame as refusal:
            self._count_bad(refusal)

    def _count_bad(self, refusal: errors.BadFrame) -> None:
        self.socket.send(refused(refusal))
        if self.bad.take(time.monotonic()) is not Verdict.TAKE:
            self.socket.close(Close.BAD_FRAMES)

    def _take_input(self, data: bytes) -> None:
        if not self._welcome(self.inputs) or self.room is None:
            return
        if len(data) > MAX_BINARY:
            raise errors.BadFrame
        self.room.receive(self.socket, data)

    async def _take_text(self, text: str) -> None:
        if not self._welcome(self.texts):
            if self.socket.closed is None:
                self.socket.send(refused(errors.SlowDown()))
            return
        if len(text) > MAX_TEXT or len(text.encode()) > MAX_TEXT:
            raise errors.TooLong
        self.socket.send(await self._answer(text))
        if self.context.close_with is not None:
            self.socket.close(self.context.close_with)

    async def _answer(self, text: str) -> dict[str, Any]:
        try:
            return await perform(self.context, self.actions, text)
        except errors.RoomError:
            raise
        except Exception:
            logger.exception("An action failed")
            return refused(RoomError())

    def _welcome(self, bucket: TokenBucket) -> bool:
        verdict = bucket.take(time.monotonic())
        if verdict is Verdict.FLOOD:
            self.socket.close(Close.FLOOD)
        return verdict is Verdict.TAKE

    def depart(self) -> None:
        if self.room is not None:
            self.hub.host.part(self.room, self.socket, code=self.code)


def user_id_of(scope: dict[str, Any]) -> int | None:
    """Whose session it is; None without one."""
    user = scope.get("user")
    return user.pk if user is not None and user.is_authenticated else None


def options_of(scope: dict[str, Any]) -> set[str]:
    """The options that the address sets to 1."""
    values = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return {name for name, value in values.items() if value[-1] == "1"}
