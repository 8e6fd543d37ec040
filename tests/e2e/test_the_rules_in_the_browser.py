"""Chromium computes the same bits as the server: the shared vectors against the world.js that is served."""

import json
from pathlib import Path
from typing import Any

from tests.e2e.browsing import Visitor
from tests.e2e.conftest import Visit
from tests.e2e.server import Server

FILES = {"world": "world.js", "rules": "rules.json"}
ARENA_TESTS = Path(__file__).resolve().parent.parent / "arena"

RUN = """async ({ world, checker, rules, vectors }) => {
    const module = await import(world);
    const { check: differences } = await import(checker);
    return differences(module, await (await fetch(rules)).json(), vectors);
}"""


def served(server: Server, name: str) -> str:
    """The address under which a static file is served, its hash included."""
    manifest = json.loads((server.directory / "static" / "staticfiles.json").read_text())
    return f"{server.url}/static/{manifest['paths'][name]}"


def differences(server: Server, visitor: Visitor, vectors: list[dict[str, Any]]) -> list[str]:
    """What the browser says about these vectors."""
    page = visitor.go("/accounts/login/")
    source = (ARENA_TESTS / "check_vectors.js").read_text()
    page.route(
        "**/check_vectors.js", lambda route: route.fulfill(body=source, content_type="text/javascript")
    )
    addresses = {name: served(server, f"arena/{file}") for name, file in FILES.items()}
    return page.evaluate(RUN, addresses | {"checker": f"{server.url}/check_vectors.js", "vectors": vectors})


def test_the_browser_steps_every_shared_vector_bit_for_bit_as_the_server_does(
    server: Server, visit: Visit
) -> None:
    vectors = json.loads((ARENA_TESTS / "vectors.json").read_text())
    assert differences(server, visit(), vectors) == []


def test_one_wrong_bit_in_a_vector_would_be_noticed(server: Server, visit: Visit) -> None:
    vectors = json.loads((ARENA_TESTS / "vectors.json").read_text())
    vectors[0]["checksums"][-1] ^= 1
    assert len(differences(server, visit(), vectors)) == 1
