"""Players of a quiz in threads of their own, so that a test can kill processes while they play."""

import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

PAUSE_SECONDS = 0.2  # before a new attempt to connect
LISTEN_SECONDS = 0.5
AFTER_OPENING = 0.05


class Quizzer:
    """One player. Answers each question with its choice in `answers`, as soon as it is open, and once more
    whenever they come back; listens only where there is none."""

    def __init__(self, *, url: str, code: str, cookie: str, answers: Mapping[int, int]) -> None:
        self.address = f"{url.replace('http', 'ws', 1)}/ws/rooms/{code}/?takeover=1"
        self.headers = {"Cookie": cookie, "Origin": url}
        self.answers = answers
        self.seen: list[dict[str, Any]] = []
        self.kept: set[int] = set()
        self.refusals: Counter[str] = Counter()
        self.visits = 0
        self._socket: ClientConnection | None = None
        self._stopping = threading.Event()
        self._numbers = itertools.count(1)
        self._sent: dict[int, int] = {}
        self._due: tuple[float, int, int] | None = None
        self.thread = threading.Thread(target=self._play, daemon=True)

    @property
    def number(self) -> int:
        """The question that was opened last."""
        return max((game["number"] for game in list(self.seen)), default=0)

    def has_seen(self, phase: str, number: int) -> bool:
        return any((game["phase"], game["number"]) == (phase, number) for game in list(self.seen))

    def deadlines(self) -> dict[int, set[tuple[int, int]]]:
        """What was announced of each question: (opens_at, closes_at) in ms."""
        found: dict[int, set[tuple[int, int]]] = {}
        for game in list(self.seen):
            if game["phase"] == "open":
                found.setdefault(game["number"], set()).add((game["opens_at"], game["closes_at"]))
        return found

    def act(self, action: str, **fields: Any) -> int:
        assert self._socket is not None
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "action": action, **fields}))
        return number

    def stop(self) -> None:
        self._stopping.set()
        self.thread.join(60)

    def _play(self) -> None:
        while not self._stopping.is_set():
            try:
                with connect(self.address, additional_headers=self.headers, proxy=None) as socket:
                    self._socket = socket
                    self._listen(socket)
            except (OSError, WebSocketException):
                self._stopping.wait(PAUSE_SECONDS)

    def _listen(self, socket: ClientConnection) -> None:
        while not self._stopping.is_set():
            wait = LISTEN_SECONDS if self._due is None else max(0.0, self._due[0] - time.time())
            try:
                self._take(json.loads(socket.recv(timeout=wait)))
            except TimeoutError:
                self._answer()

    def _take(self, message: dict[str, Any]) -> None:
        event = message.get("event")
        if event == "trivia.probe":
            self.act("trivia.probed", n=message["n"])
        elif event in ("room.state", "trivia.phase"):
            self.visits += event == "room.state"
            self._follow(message["game"])
        elif message.get("ack") in self._sent:
            self._hear(self._sent.pop(message["ack"]), message)

    def _follow(self, game: dict[str, Any]) -> None:
        self.seen.append(game)
        if game["phase"] == "open" and game["number"] in self.answers:
            self._due = (game["opens_at"] / 1000 + AFTER_OPENING, game["seq"], game["number"])
        else:
            self._due = None

    def _answer(self) -> None:
        if self._due is None or self._due[0] > time.time():
            return
        (_, seq, number), self._due = self._due, None
        self._sent[self.act("trivia.answer", seq=seq, answer=self.answers[number])] = number

    def _hear(self, number: int, ack: dict[str, Any]) -> None:
        if "error" not in ack:
            self.kept.add(number)
        else:
            self.refusals[ack["error"]["code"]] += 1


@contextmanager
def playing(quizzers: Sequence[Quizzer]) -> Iterator[None]:
    """They play for the time of the block."""
    for quizzer in quizzers:
        quizzer.thread.start()
    try:
        yield
    finally:
        for quizzer in quizzers:
            quizzer.stop()
