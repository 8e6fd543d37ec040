"""One quiz in a web process: what its sockets are told. The game itself is in the database."""

import asyncio
import time
from typing import Any

from events.live import abroadcast
from rooms.clock import now_ms
from rooms.database import in_thread
from rooms.errors import BadFrame, RoomError
from rooms.live import LiveRoom
from rooms.live_game import LiveGame
from rooms.pace import Pace
from rooms.seats import LiveSeat
from rooms.sockets import Socket
from rooms.trivia import phases, services, showing
from rooms.trivia.desk import Desk
from rooms.trivia.lag import Lag
from rooms.trivia.models import Answer
from rooms.trivia.selectors import GameRecord
from rooms.trivia.whispers import Whispers

ANSWERED_SECONDS = 0.25
LATE = 500  # ms after which this process looks after a game that nobody moved on
TIME_EVERY = 2000
READ_EVERY = 15_000
PROBE_EVERY = 10_000

View = dict[str, Any]


class TriviaLive(LiveGame):
    """Follows the game's record and tells the sockets of this process what changed."""

    def __init__(self, room: LiveRoom, *, desk: Desk) -> None:
        self.room = room
        self.record: GameRecord | None = None
        self.lags: dict[Socket, Lag] = {}
        self._desk = desk
        self._view: View = showing.preparing()
        self._owns: dict[Socket, View] = {}
        self._unsaid: set[int] = set()
        self._pace = Pace(self._tell_answered, pause=lambda: ANSWERED_SECONDS)
        self._whispers = Whispers(room)
        self._asked_to_close = 0
        self._looking = False
        self._time_at = self._read_at = self._probe_at = self._nudge_at = 0

    # --- what rooms calls -------------------------------------------------------------------------

    async def begin(self, bus: Any) -> None:
        await self._desk.enter(self, bus)

    def seat_joined(self, seat: LiveSeat) -> None:
        if self.record is None or seat.user_id not in self.record.players:
            self._desk.enrol(self.room.id)
        self._end_desertion()

    def seat_left(self, seat: LiveSeat) -> None:
        self.people_changed()

    def socket_joined(self, socket: Socket) -> None:
        if socket.seat is not None:
            self.lags[socket] = Lag()
            self._probe(socket)

    def receive(self, socket: Socket, frame: bytes) -> None:
        raise BadFrame  # there is nothing binary in a quiz

    def room_changed(self) -> None:
        self._desk.read(self.room.id)

    def view(self) -> View:
        self._count()
        return self._view

    def view_for(self, socket: Socket) -> View:
        hosts = self.room.is_hosts(socket)
        return {"own": self.own(socket), "hosts": hosts} | (self._whispers.view if hosts else {})

    def heard(self, message: dict[str, Any]) -> None:
        record = self.record
        if message.get("kind") == "trivia.flagged":
            self._desk.read(self.room.id)
        elif message.get("kind") == "trivia.answered" and record and record.state.seq == message["seq"]:
            record.answered |= {int(user_id) for user_id in message["users"]}
            self._pace.ask()

    def people_changed(self) -> None:
        """Who sits where is part of what is shown, too."""
        self._whispers.follow(self.record)
        self._look_soon()
        self._desk.read(self.room.id)

    def lost_messages(self) -> None:
        self._desk.read(self.room.id)

    def close(self) -> None:
        self._pace.stop()
        self._desk.leave(self)

    # --- following the record ---------------------------------------------------------------------

    def follow(self, record: GameRecord) -> None:
        """Take over a fresh read; what goes wrong with it is this room's trouble alone."""
        try:
            self._follow(record)
        except Exception as error:
            self.room.crashed(error)

    def _follow(self, record: GameRecord) -> None:
        """Push what is new: to all, to each their own, to the host."""
        before, self.record = self.record, record
        if before is not None and before.state.seq == record.state.seq:
            record.answers = before.answers | record.answers
            record.answered |= before.answered
        else:
            self._unsaid.clear()  # they answered what is closed: nobody may count them for what comes now
        shown, view = self._view, showing.game_view(record, self.room.seats)
        self._view = view
        if not self.room.sockets:
            return
        if _is_revealed(shown, view):
            self._push_owns()  # nobody sees the answer before what came of their own
        if _without_counts(view) != _without_counts(shown):
            self.room.push({"event": "trivia.phase", "game": view})
        self._push_owns()
        self._whispers.follow(record)
        self._close_if_all_answered()
        self._end_desertion()

    def own(self, socket: Socket) -> View | None:
        """What this socket's player may know of themselves."""
        if self.record is None or socket.seat is None:
            return None
        lag = self.lags.get(socket)
        own = showing.own_view(self.record, socket.seat.user_id, latency=lag.credit if lag else 0)
        self._owns[socket] = own
        return own

    def _push_owns(self) -> None:
        self._owns = {socket: own for socket, own in self._owns.items() if socket in self.room.players}
        for socket in tuple(self.room.players):
            before = self._owns.get(socket)
            if (own := self.own(socket)) != before:
                socket.send({"event": "trivia.own", "own": own})

    # --- answers ----------------------------------------------------------------------------------

    def answered(self, answer: Answer) -> None:
        """An answer that came here is kept."""
        record = self.record
        if record is None or record.question is None or record.question["number"] != answer.question.number:
            return
        kept = ("value", "received_at", "latency", "elapsed", "share", "streak", "points")
        record.answers[answer.user_id] = {name: getattr(answer, name) for name in kept}
        record.answered.add(answer.user_id)
        self._unsaid.add(answer.user_id)
        self._look_soon()

    def _look_soon(self) -> None:
        """Look who is still waited for: once for all who answer, come or go in one turn of the loop."""
        if not self._looking:
            self._looking = True
            asyncio.get_running_loop().call_soon(self._look)

    def _look(self) -> None:
        self._looking = False
        self._pace.ask()
        self._close_if_all_answered()

    def _count(self) -> None:
        if self.record is not None:
            self._view |= showing.counts(self.record, self.room.seats)

    def _tell_answered(self) -> None:
        """Here as a number; to other processes as who."""
        if self.record is None or self.record.state.phase != "open":
            return
        seq = self.record.state.seq
        counts = showing.counts(self.record, self.room.seats)
        self.room.broadcast({"event": "trivia.answered", "seq": seq, **counts})
        users, self._unsaid = self._unsaid, set()
        if users:
            message = {"kind": "trivia.answered", "seq": seq, "users": sorted(map(str, users))}
            self._desk.spawn(abroadcast(f"room.{self.room.id}", message))

    def _close_if_all_answered(self) -> None:
        """As far as this process knows, everybody has; the database has the last word."""
        record = self.record
        if record is None or record.state.phase != "open" or record.state.paused_at is not None:
            return
        if record.due_at is not None and now_ms() >= record.due_at:
            return  # it closes anyway
        connected = {seat.user_id for seat in self.room.seats.values() if seat.connected}
        if connected and not self._waited_for(record, connected) and record.answered:
            self._desk.spawn(self._ask_to_close(record.state.seq))

    def _waited_for(self, record: GameRecord, connected: set[int]) -> bool:
        now = now_ms()
        return any(
            not phases.too_late(
                record.state,
                record.rules,
                extra=record.players.get(user_id, {}).get("extra", 0),
                received_at=now,
            )
            for user_id in connected - record.answered
        )

    async def _ask_to_close(self, seq: int) -> None:
        if self._asked_to_close == seq:
            return
        self._asked_to_close = seq
        try:
            closed = await in_thread(
                services.close_if_all_answered, room_id=self.room.id, seq=seq, now=now_ms()
            )
        finally:
            self._asked_to_close = 0
        if closed:
            self._desk.read(self.room.id)

    def _end_desertion(self) -> None:
        """Somebody is here again: a game that stopped because nobody was goes on."""
        if self.record is not None and self.record.deserted and self.room.players:
            self._desk.spawn(self._resume())

    async def _resume(self) -> None:
        try:
            await in_thread(
                services.resume, room_id=self.room.id, by=None, now=now_ms(), only_if_deserted=True
            )
        except RoomError:
            return  # it is over
        self._desk.read(self.room.id)

    # --- the pulse --------------------------------------------------------------------------------

    def beat(self, now: int) -> bool:
        """Called every quarter of a second; whether the game should have moved on some time ago."""
        if not self.room.sockets:
            return False
        if now >= self._read_at:
            self._read_at = now + READ_EVERY
            self._desk.read(self.room.id)
        self._probe_all(now)
        record = self.record
        if record is None or not record.state.is_running:
            return False
        if now >= self._time_at:
            self._time_at = now + TIME_EVERY
            left = showing.remaining(record.state, now)
            message = {"event": "trivia.time", "seq": record.state.seq, "remaining": left, "now": now}
            self.room.broadcast(message)
        self._close_if_all_answered()
        return self._is_late(record, now)

    def _is_late(self, record: GameRecord, now: int) -> bool:
        due = record.due_at
        if due is None or now < max(due + LATE, self._nudge_at):
            return False
        self._nudge_at = now + LATE
        return True

    def _probe_all(self, now: int) -> None:
        self.lags = {socket: lag for socket, lag in self.lags.items() if socket in self.room.players}
        everybody = now >= self._probe_at
        if everybody:
            self._probe_at = now + PROBE_EVERY
        for socket, lag in self.lags.items():
            if everybody or lag.is_new:
                self._probe(socket)

    def _probe(self, socket: Socket) -> None:
        number = self.lags[socket].probe(now=time.monotonic() * 1000)
        socket.send({"event": "trivia.probe", "n": number})


def _without_counts(view: View) -> View:
    return {name: value for name, value in view.items() if name not in ("answered", "expected")}


def _is_revealed(before: View, view: View) -> bool:
    """Whether the answer to the question that was there is new. With another question, own answers end."""
    return view["reveal"] is not None and before["reveal"] is None and before["number"] == view["number"]
