"""A quiz server that keeps to a script: any state of a game at once, with names and texts of the worst."""

import json
import re
import time
from typing import Any

from playwright.sync_api import WebSocketRoute

from tests.e2e.browsing import Visitor

Json = dict[str, Any]

NAMES = ("Ada", "عبد الرحمن بن محمد", "Wolfeschlegelsteinhausenbergerdorff", "🍕🚀", "Nova", "Kim")
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
KINDS: dict[str, Json] = {
    "choice": {"text": "Which planet has the most moons?", "choices": ["Saturn", "Jupiter", "Mars", "Earth"]},
    "long": {
        "type": "choice",
        "text": f"What does one call {LONG} on the wettest afternoon of the year? " * 2,
        "choices": [LONG, "ממטרים קלים בבוקר, ואחר כך התבהרות", "🌨️❄️☃️", "a " * 59 + "b", "Fog", "So"],
    },
    "several": {"text": "Which are noble gases?", "choices": ["Neon", "Chlorine", "Argon"]},
    "order": {"text": "The smallest first.", "choices": ["Jupiter", "Mercury", "Earth"]},
    "number": {"text": "كم ارتفاع جبل إفرست؟", "choices": None, "unit": "m"},
    "text": {"text": "Which is the capital of Burkina Faso?", "choices": None},
}
SPREADS: dict[str, Json] = {
    "number": {
        "bars": [1, 0, 0, 0, 1, 0, 3, 0, 1, 0, 0, 0, 0],
        "margin": 600,
        "closest": {"off": 1.1, "slots": [1, 2, 3], "count": 4},
    },
    "text": {"given": [{"text": LONG, "count": 2}, {"text": "Wagadugu", "count": 1}], "other": 3},
}
ANSWERS: dict[str, Any] = {"several": [0, 2], "order": [1, 2, 0], "number": 8848.9, "text": "Ouagadougou"}


def now() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def asked(kind: str) -> Json:
    """A question as everybody sees it."""
    blank = {"type": kind, "image": "", "unit": "", "category": "Space", "difficulty": "hard", "credit": "Me"}
    return {"number": 3} | blank | KINDS[kind]


def game(phase: str, kind: str = "choice", **more: Any) -> Json:
    """The game's view in a phase."""
    is_asked = phase in ("open", "reveal")
    times = {"opens_at": now() - 5000, "closes_at": now() + 60_000} if is_asked else {}
    blank = dict.fromkeys(("opens_at", "closes_at", "paused", "question", "teams", "reveal", "results"))
    view = {"phase": phase, "seq": 7, "number": 3 if is_asked else 0, "of": 10, "next_at": now() + 60_000}
    counts = {"answered": 4, "expected": 6}
    about = {"question": asked(kind)} if is_asked else {}
    told = {"reveal": revealed(kind)} if phase == "reveal" else {}
    return blank | view | counts | times | about | told | more


def revealed(kind: str) -> Json:
    """What is told when the answer is out."""
    question = asked(kind)
    choices = question["choices"]
    counted = bool(choices)
    return {
        "answer": ANSWERS.get(kind, 0),
        "answer_text": choices[0] if choices else str(ANSWERS[kind]),
        "explanation": "Sixty-two more were confirmed in 2023. " * 3,
        "source": "https://example.org/a/very/long/address",
        "credit": "Somebody",
        "link": "",
        "licence": "CC0-1.0",
        "counts": [3, 1, 0, 2, 0, 1][: len(choices)] if counted else None,
        "partly": 1,
        "spread": SPREADS.get(question["type"]),
        "answers": 6,
        "right": 3,
        "voided": False,
        "standings": [standing(slot) for slot in range(len(NAMES))],
    }


def standing(slot: int) -> Json:
    """A row of the standings; everybody but the first has moved."""
    places = {"rank": slot + 1, "was": slot or 1}
    return {"slot": slot, "points": 2700 - 300 * slot, "gained": 800 * (slot % 2), "streak": slot, **places}


def own(**more: Any) -> Json:
    """What the player knows of themselves."""
    blank = {"answer": None, "answered_at": None, "extra": 0, "latency": 18, "team": None, "points": 2400}
    return blank | {"result": None} | more


RIGHT = own(answer=0, result={"points": 830, "share": 1.0, "streak": 3, "rank": 2, "was": 4, "elapsed": 2100})
WRONG = own(answer=1, result={"points": 0, "share": 0.0, "streak": 0, "rank": 5, "was": 3, "elapsed": 2100})
RESULTS = {
    "rows": [
        {
            "slot": slot,
            "name": name,
            "colour": slot,
            "mark": slot,
            "points": 9000 - 1000 * slot,
            "right": 9 - slot,
        }
        | {"answered": 10, "best_streak": 4, "fastest_ms": 1234}
        for slot, name in enumerate(NAMES)
    ],
    "teams": [],
}


def state(view: Json, *, status: str = "IN_PROGRESS", hosts: bool = True, **more: Any) -> Json:
    """The first frame; `you` and `own` are the player's of slot 1 unless they are given."""
    room = {
        "code": "",
        "title": "Quiz",
        "status": status,
        "locked": False,
        "capacity": 50,
        "host": 1 if hosts else 0,
    }
    rest = {
        "settings": {"text_on_phones": True},
        "starts_at": None,
        "results": None,
        "next_code": None,
        "failure": "",
    }
    seats = [
        {"slot": slot, "name": name, "colour": slot, "mark": slot, "connected": slot != 4}
        for slot, name in enumerate(NAMES)
    ]
    you = {"slot": 1, "handle": "ada", "is_host": hosts, "is_guest": True}
    known = {"room": room | rest, "seats": seats, "scores": {}, "game": view, "you": you, "own": own()}
    frame = {"version": 1, "now": now(), "hosts": hosts} | known | more
    return frame | {"room": frame["room"] | {"results": RESULTS if view["phase"] == "over" else None}}


class ScriptedQuiz:
    """Answers every page of the room at once with the state that is shown now, unless it is `silent`.

    After each state it probes, and so learns that the page has taken it. `asked` is what else the page wants.
    """

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.state: Json = {}
        self.silent = False
        self.asked: list[Json] = []
        self._told = self._taken = 0
        self.lines: list[WebSocketRoute] = []
        visitor.context.route_web_socket(re.compile("/ws/rooms/"), self._opened)

    def show(self, frame: Json) -> None:
        """Show this state from now on, and wait until the page that is open has taken it."""
        self.state = frame
        for line in self.lines:
            self._tell(line)
        self.visitor.wait(lambda: self._taken == self._told, what="the page to take what it was told")

    def speak(self) -> None:
        """End the silence."""
        self.silent = False
        for line in self.lines:
            self._tell(line)

    def _opened(self, line: WebSocketRoute) -> None:
        self.lines = [line]
        line.on_message(lambda message: self._answer(line, json.loads(message)))
        if not self.silent:
            self._tell(line)

    def _tell(self, line: WebSocketRoute) -> None:
        self._told += 1
        line.send(json.dumps({"event": "room.state"} | self.state))
        line.send(json.dumps({"event": "trivia.probe", "n": self._told}))

    def _answer(self, line: WebSocketRoute, request: Json) -> None:
        if request["action"] == "trivia.probed":
            self._taken = request["n"]
        elif request["action"] not in ("ping", "room.sync"):
            self.asked.append(request)
        told = {"now": now(), "state": self.state, "at": now(), "latency": 18}
        line.send(json.dumps({"ack": request["id"], "ok": True} | told))
