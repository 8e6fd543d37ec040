"""Players of quizzes in one process of their own: they follow the game, answer, echo probes, and note times.

Run by `cycling.py` as a child; reads its orders as JSON on standard input, one a line, and answers each.
"""

import asyncio
import random
import sys
import time
from typing import Any

import msgspec

from benchmarks.orders import obey
from benchmarks.sockets import PlayerSocket, connect

JOIN_AT_ONCE = 8
REACTION_MS = 5  # a timer may strike a little early, and who answers before the opening is refused
HEAD = 120  # bytes of a frame that say what it is


def now_ms() -> float:
    return time.time_ns() / 1e6


class Quizzer:
    """One player. `phases`: [seq, phase, ms of receipt]; `acks`: ms from the answer to its receipt."""

    def __init__(self, socket: PlayerSocket, *, within: float) -> None:
        self.socket, self.within = socket, within
        self.phases: list[tuple[float, bytes]] = []
        self.acks: list[float] = []
        self.refusals: list[str] = []
        self._sent: dict[int, float] = {}
        self._number = self._answered = 0
        socket.on_text = self.heard

    def heard(self, text: bytes, _: float) -> None:
        head = text[:HEAD]
        if b'"trivia.phase"' in head:
            self.phases.append((now_ms(), text))  # read later: others' frames wait behind this one
            if b'"phase":"open"' in head:
                self._question(msgspec.json.decode(text)["game"])
        elif head.startswith(b'{"ack"'):
            self._acked(msgspec.json.decode(text))
        elif b'"trivia.probe"' in head:
            self._act("trivia.probed", n=msgspec.json.decode(text)["n"])

    def _question(self, game: dict[str, Any]) -> None:
        if game["seq"] == self._answered:
            return
        self._answered = game["seq"]
        wait = (game["opens_at"] - now_ms() + REACTION_MS) / 1000 + random.random() * self.within
        choice = random.randrange(len(game["question"]["choices"]))
        asyncio.get_running_loop().call_later(max(0.0, wait), self._answer, game["seq"], choice)

    def _answer(self, seq: int, choice: int) -> None:
        self._sent[self._act("trivia.answer", seq=seq, answer=choice)] = now_ms()

    def _act(self, action: str, **fields: Any) -> int:
        self._number += 1
        self.socket.send_text(msgspec.json.encode({"id": self._number, "action": action, **fields}))
        return self._number

    def _acked(self, ack: dict[str, Any]) -> None:
        if (sent := self._sent.pop(ack["ack"], None)) is None:
            return
        if "error" in ack:
            self.refusals.append(ack["error"]["code"])
        else:
            self.acks.append(now_ms() - sent)

    def told(self) -> list[tuple[int, str, float]]:
        """(seq, phase, ms of the first frame that said so)."""
        first: dict[int, tuple[int, str, float]] = {}
        for at, text in self.phases:
            game = msgspec.json.decode(text)["game"]
            first.setdefault(game["seq"], (game["seq"], game["phase"], at))
        return list(first.values())


class Load:
    """The players of this process."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.players: list[Quizzer] = []

    async def join(self, seats: list[list[str]], within: float) -> dict[str, Any]:
        """Connect (path, cookie) pairs; each answers at some moment `within` seconds of the opening."""
        gate = asyncio.Semaphore(JOIN_AT_ONCE)

        async def one(path: str, cookie: str) -> Quizzer:
            async with gate:
                return Quizzer(await connect(self.origin, path, cookie), within=within)

        self.players += await asyncio.gather(*(one(*seat) for seat in seats))
        return {"players": len(self.players)}

    async def tell(self) -> dict[str, Any]:
        """What everybody was told and when, and how their answers fared."""
        return {
            "phases": [player.told() for player in self.players],
            "acks": [ms for player in self.players for ms in player.acks],
            "refusals": [code for player in self.players for code in player.refusals],
            "unanswered": sum(len(player._sent) for player in self.players),
            "closed": [player.socket.close_code for player in self.players if player.socket.lost],
        }


async def main() -> None:
    await obey(Load(sys.argv[1]))


if __name__ == "__main__":
    import uvloop

    uvloop.run(main())
