"""A room as the process that hosts it keeps it: the mirror of its rows, its sockets, and its game.

Everything here runs in the event loop's thread and never waits. The database is the truth: `update` takes a
fresh record, applies it, and pushes just the differences.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from rooms.background import Background
from rooms.clock import now_ms
from rooms.encoding import binary_frame, text_frame
from rooms.errors import BadFrame, Close
from rooms.live_game import GameSettings
from rooms.records import RoomRecord
from rooms.scoreboard import Scoreboard
from rooms.seats import LiveSeat
from rooms.sockets import Socket
from rooms.stage import Stage


@dataclass(eq=False)
class LiveRoom:
    """One room in this process. Games read its fields and call the methods of the first block.

    `shared`: other processes serve sockets of the room, too.

    `starts_at`, `ends_at`: ms since 1970. `sockets`: everybody's; `players`: those with a seat.
    """

    id: UUID
    code: str
    kind: str
    epoch: int
    capacity: int
    settings: GameSettings
    completer: Callable[["LiveRoom", dict[str, Any] | None], Coroutine[Any, Any, None]]
    failer: Callable[["LiveRoom", str], Coroutine[Any, Any, None]]
    record: RoomRecord
    status: str = ""
    starts_at: int | None = None
    ends_at: int | None = None
    version: int = 1
    seats: dict[int, LiveSeat] = field(default_factory=dict)
    sockets: set[Socket] = field(default_factory=set)
    players: set[Socket] = field(default_factory=set)
    shared: bool = False
    stage: Stage = field(init=False)
    board: Scoreboard = field(init=False)
    _background: Background = field(default_factory=Background)

    def __post_init__(self) -> None:
        self.stage = Stage(self.code, fail=self._fail)
        self.board = Scoreboard(tell=self._tell_scores, audience=lambda: len(self.sockets))

    @property
    def scores(self) -> dict[int, int]:
        """Committed points by slot."""
        return self.board.scores

    @property
    def points(self) -> dict[int, int]:
        """Committed points by user id, also of those who have left."""
        return self.board.points

    # --- for games --------------------------------------------------------------------------------

    def broadcast_snapshot(self, frame: bytes) -> None:
        """One binary frame to every socket; slow ones keep only the newest."""
        message = binary_frame(frame)
        for socket in tuple(self.sockets):
            socket.offer(message)

    def broadcast(self, message: dict[str, Any]) -> None:
        """One JSON message to every socket, encoded once, reliably."""
        frame = text_frame(message)
        for socket in tuple(self.sockets):
            socket.deliver(frame)

    def game_changed(self) -> None:
        """Push the game's own part of the view (its bots came or went, say)."""
        self.broadcast({"event": "game.changed", "game": self.game_view()})

    def complete(self, results: dict[str, Any]) -> "asyncio.Task[None]":
        """The round is over. Returns at once; the task ends when it is stored and pushed.

        Doing it twice, or after somebody else ended the room, changes nothing.
        """
        return self._background.spawn(self.completer(self, results))

    def crashed(self, error: BaseException) -> None:
        """The game raised, where rooms did not call it."""
        self.stage.crashed(error)

    def _fail(self) -> None:
        self._background.spawn(self.failer(self, "The oven broke. Sorry! Your points are safe."))

    # --- views ------------------------------------------------------------------------------------

    def room_view(self) -> dict[str, Any]:
        """What everybody may know of the room."""
        return self.record.view(host=self.slot_of(self.record.host_id))

    def game_view(self) -> dict[str, Any]:
        view: dict[str, Any] = self.stage.play(lambda game: game.view()) or {}
        return view

    def state_for(self, socket: Socket) -> dict[str, Any]:
        """The whole state as this socket may see it: the shared part, and its own seat in full.

        Scores that wait to be told are told first, so that nobody knows more than the events said.
        """
        self.board.flush()
        return {
            "version": self.version,
            "now": now_ms(),
            "room": self.room_view(),
            "seats": [seat.view() for _, seat in sorted(self.seats.items())],
            "scores": dict(self.scores),
            "game": self.game_view(),
            "you": self._you(socket),
            **(self.stage.play(lambda game: game.view_for(socket)) or {}),
        }

    def _you(self, socket: Socket) -> dict[str, Any] | None:
        if (seat := socket.seat) is None:
            return None
        is_host = seat.user_id == self.record.host_id
        return {"slot": seat.slot, "handle": seat.handle, "is_host": is_host, "is_guest": seat.is_guest}

    def is_hosts(self, socket: Socket) -> bool:
        """Whether the host sits at the other end."""
        return socket.user_id is not None and socket.user_id == self.record.host_id

    def is_hosts_screen(self, socket: Socket) -> bool:
        """Whether the host watches there, without a seat."""
        return socket.seat is None and self.is_hosts(socket)

    def slot_of(self, user_id: int | None) -> int | None:
        """The slot that a user holds, if any."""
        return next((slot for slot, seat in self.seats.items() if seat.user_id == user_id), None)

    # --- sockets ----------------------------------------------------------------------------------

    def socket_of(self, user_id: int) -> Socket | None:
        """The player's open socket, if any."""
        return next((socket for socket in self.players if socket.user_id == user_id), None)

    def enter(self, socket: Socket, *, user_id: int | None) -> None:
        """Let a socket in: to its user's seat, or as a spectator if `user_id` is None."""
        slot = self.slot_of(user_id) if user_id is not None else None
        if slot is not None:
            self._sit(socket, self.seats[slot])
        socket.send({"event": "room.state", **self.state_for(socket)})
        self.sockets.add(socket)
        self.stage.play(lambda game: game.socket_joined(socket))

    def _sit(self, socket: Socket, seat: LiveSeat) -> None:
        socket.seat = seat
        self.players.add(socket)
        seat.playing = True
        self.stage.play(lambda game: game.seat_joined(seat))
        self.connection(seat, connected=True)

    def connection(self, seat: LiveSeat, *, connected: bool) -> None:
        """A seat's player has a socket now, or has none any more."""
        if seat.connected != connected:
            seat.connected = connected
            self.broadcast({"event": "seat.connection", "slot": seat.slot, "connected": connected})
            self.stage.play(lambda game: game.people_changed())

    def follow_presence(self, user_id: int, *, connected: bool) -> None:
        """Another process says whether a player has a socket there; a player's newest socket stays."""
        slot = self.slot_of(user_id)
        if slot is None:
            return
        if connected and (older := self.socket_of(user_id)) is not None:
            older.seat = None
            self.expel(older, Close.TAKEN_OVER)
        if self.socket_of(user_id) is None:
            self.connection(self.seats[slot], connected=connected)

    def part(self, socket: Socket) -> LiveSeat | None:
        """Forget a socket. The seat that it leaves empty (but held), if it was its player's only one."""
        self.sockets.discard(socket)
        self.players.discard(socket)
        seat = socket.seat
        if seat is None or self.seats.get(seat.slot) is not seat or self.socket_of(seat.user_id):
            return None
        self.connection(seat, connected=False)
        return seat

    def receive(self, socket: Socket, frame: bytes) -> None:
        """A binary frame for the game; `BadFrame` if it is no good."""
        if self.stage.game is None or socket.seat is None:
            raise BadFrame
        self.stage.play(lambda game: game.receive(socket, frame))

    def expel(self, socket: Socket, code: int) -> None:
        """Forget a socket and close it."""
        self.sockets.discard(socket)
        self.players.discard(socket)
        socket.close(code)

    def close_all(self, code: int) -> None:
        for socket in tuple(self.sockets):
            socket.close(code)

    # --- following the database -------------------------------------------------------------------

    def update(self, record: RoomRecord) -> None:
        """Apply a fresh record and push the differences, each with the next version."""
        if record.version < self.record.version:
            return
        before, ruled, seated = self.room_view(), self._rules(), self._seated()
        self._follow_seats(record)
        self.record = record
        self.status, self.starts_at, self.ends_at = record.status, record.starts_at, record.ends_at
        if (view := self.room_view()) != before:
            self.push({"event": "room.changed", "room": view})
        if self._rules() != ruled:
            self.stage.play(lambda game: game.room_changed())
        if self._seated() != seated:
            self.stage.play(lambda game: game.people_changed())
        self.board.follow(self.seats.values())

    def push(self, message: dict[str, Any]) -> None:
        """Broadcast a change of the state, with its version."""
        self.version += 1
        self.broadcast({**message, "version": self.version})

    def add_points(self, points: Mapping[int, int]) -> None:
        """Committed totals by user id."""
        self.board.follow(self.seats.values(), points)

    def _tell_scores(self, scores: dict[int, int]) -> None:
        self.broadcast({"event": "scores", "scores": scores})

    def _rules(self) -> tuple[Any, ...]:
        return self.record.status, self.record.starts_at, self.record.ends_at, self.record.locked

    def _seated(self) -> dict[int, int]:
        return {slot: seat.user_id for slot, seat in self.seats.items()}

    def _follow_seats(self, record: RoomRecord) -> None:
        held = {seat.slot: seat for seat in record.seats}
        for slot, seat in tuple(self.seats.items()):
            if slot not in held or held[slot].user_id != seat.user_id:
                self._vacate(seat, kicked=seat.user_id in record.kicked)
        for slot, fresh in held.items():
            known = self.seats.get(slot)
            if known is None:
                known = self.seats[slot] = LiveSeat.from_record(fresh)
                known.connected = self.shared and fresh.connected
            elif not known.follow(fresh):
                continue
            self.push({"event": "seat.joined", "seat": known.view()})

    def _vacate(self, seat: LiveSeat, *, kicked: bool) -> None:
        del self.seats[seat.slot]
        self.board.forget(seat.slot)
        for socket in [socket for socket in self.players if socket.seat is seat]:
            self.expel(socket, Close.FORBIDDEN if kicked else Close.GOING_AWAY)
        if seat.playing:
            self.stage.play(lambda game: game.seat_left(seat))
        self.push({"event": "seat.left", "slot": seat.slot})

    # --- the game ---------------------------------------------------------------------------------

    def heard(self, message: dict[str, Any]) -> None:
        """A message about the room that is the game's business."""
        self.stage.play(lambda game: game.heard(message))

    def lost_messages(self) -> None:
        self.stage.play(lambda game: game.lost_messages())

    def results(self) -> dict[str, Any] | None:
        """The podium as it stands, if the game can say."""
        podium: dict[str, Any] | None = self.stage.play(lambda game: game.results())
        return podium

    def shut(self) -> None:
        """Hosted here no longer."""
        self.board.stop()
        self.stage.clear()
