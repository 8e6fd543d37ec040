"""The client's modules without its pages: checks in JavaScript, run on what is served."""

import json
from pathlib import Path
from typing import Any

from tests.e2e.browsing import Visitor
from tests.e2e.server import Server

CHECKS = Path(__file__).resolve().parent / "checks"
MODULES = {
    "arena": ["battle", "gamepad", "input", "interpolation", "olives", "ticks", "world"],
    "rooms": ["clock", "closing", "socket", "store"],
    "trivia": ["changes", "handin", "lag", "outcome", "scene", "spread"],
}

LOAD = """async ({ modules, rules }) => {
    globalThis.modules = {};
    for (const [name, address] of Object.entries(modules)) globalThis.modules[name] = await import(address);
    globalThis.modules.world.loadRules(await (await fetch(rules)).json());
}"""
RUN = "async ({ file, name, data }) => (await import(file))[name](globalThis.modules, data)"


class Modules:
    """The modules as the server gives them out, hashed names and all, in a quiet page of the site."""

    def __init__(self, visitor: Visitor, server: Server) -> None:
        self.page, self.server = visitor.page, server
        self.until = visitor.until
        self._listens = False
        manifest = json.loads((server.directory / "static" / "staticfiles.json").read_text())
        self._paths: dict[str, str] = manifest["paths"]
        self.page.route(
            "**/checks/*.js", lambda route: route.fulfill(path=CHECKS / Path(route.request.url).name)
        )
        self.page.goto(f"{server.url}/accounts/login/")
        modules = {
            name: self._address(f"{folder}/{name}.js") for folder, names in MODULES.items() for name in names
        }
        self.page.evaluate(LOAD, {"modules": modules, "rules": self._address("arena/rules.json")})

    def _address(self, path: str) -> str:
        return f"{self.server.url}/static/{self._paths[path]}"

    def run(self, check: str, data: Any = None, /, **fields: Any) -> Any:
        """What the check (`file.function`) gives for `data`, or for the fields as one object."""
        file, name = check.split(".")
        address = f"{self.server.url}/checks/{file}.js"
        return self.page.evaluate(RUN, {"file": address, "name": name, "data": data or fields})

    def listen(self) -> None:
        """Keyboard and gamepad are listened to from now on."""
        if not self._listens:
            self.run("hands.listen")
        self._listens = True

    def keys(self) -> int:
        """The keys of the next tick."""
        return self.run("hands.sample")["keys"]
