"""A room's server that keeps to a script, for what a real one does only when frames are lost."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, WebSocketRoute


@dataclass
class ScriptedRoom:
    """Tells a state of version `first`, then changes of these `versions` (None: an event without one).

    A room.sync is answered with the state of version `synced`, and changes of the versions `after` follow.
    """

    first: int
    versions: list[int | None]
    synced: int
    after: list[int]
    asked: list[str] = field(default_factory=list)

    def serve(self, page: Page, path: str) -> None:
        """Be the server of this address for the page."""
        page.route_web_socket(re.compile(re.escape(path)), self._opened)

    def _opened(self, line: WebSocketRoute) -> None:
        line.on_message(lambda message: self._answer(line, json.loads(message)))
        _send(line, {"event": "room.state"} | _state(self.first))
        self._push(line, self.versions)

    def _answer(self, line: WebSocketRoute, request: dict[str, Any]) -> None:
        self.asked.append(request["action"])
        _send(line, {"ack": request["id"], "ok": True, "now": 1, "state": _state(self.synced)})
        if request["action"] == "room.sync":
            self._push(line, self.after)

    def _push(self, line: WebSocketRoute, versions: list[int | None] | list[int]) -> None:
        for version in versions:
            changed = {"event": "room.changed", "room": {}, "version": version}
            _send(line, {"event": "scores", "scores": {}} if version is None else changed)


def _send(line: WebSocketRoute, message: dict[str, Any]) -> None:
    line.send(json.dumps(message))


def _state(version: int) -> dict[str, Any]:
    return {"version": version, "now": 1, "room": {}, "seats": [], "scores": {}, "game": {}, "you": None}
