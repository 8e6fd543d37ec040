"""What people do at a quiz night: each step waits for what it causes."""

import json
import math
import re
import time

from playwright.sync_api import Page, expect

from tests.e2e.browsing import PATIENCE_SECONDS, Visitor
from tests.e2e.server import Server
from tests.e2e.steps import code_of

HOUR_OFF = """(() => {
    const wrong = 3_600_000, now = Date.now;
    Date.now = () => now() + wrong;
})()"""


def stage(visitor: Visitor, *names: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until the quiz's page shows one of these stages."""
    wanted = ", ".join(f"'{name}'" for name in names)
    visitor.until(f"[{wanted}].includes(document.body.dataset.stage)", seconds=seconds)


def question(visitor: Visitor, number: int) -> None:
    """Wait until question `number` is open on this page."""
    visitor.until(f"document.body.dataset.stage === 'open' && document.body.dataset.question === '{number}'")


def host_quiz(visitor: Visitor, *, questions: int = 3, seconds: int = 120, reveal: int = 30) -> str:
    """Open a quiz on the big screen, by keyboard alone, and wait for its questions; the room's code.

    Nothing ends by itself while a test looks at it: it is the players and the host who go on.
    """
    page = visitor.go("/rooms/new/?kind=trivia")
    for name, value in {"questions": questions, "seconds": seconds, "reveal_seconds": reveal}.items():
        _slide(page, name, value)
    page.locator("[name=types][value=choice]").focus()
    page.keyboard.press("Space")
    page.locator("[name=visibility][value=private]").check(force=True)
    page.get_by_role("button", name="Open it on this screen").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/r/[A-Z]{6}/screen/"))
    stage(visitor, "lobby")
    return code_of(page)


def _slide(page: Page, name: str, value: int) -> None:
    """Move a slider with the keyboard: to its end, then step by step."""
    slider = page.locator(f"[name={name}]")
    slider.focus()
    page.keyboard.press("Home")
    for _ in range(value - int(slider.get_attribute("min") or 0)):
        page.keyboard.press("ArrowRight")


def sit_down(visitor: Visitor, code: str) -> None:
    """A stranger takes a chair."""
    visitor.go(f"/r/{code}/")
    visitor.page.locator("#arrival-join button").click()
    visitor.until("document.body.dataset.ownSlot")


def answer(visitor: Visitor, key: str = "1") -> None:
    """Answer by the keys 1 to 6, and wait until it is kept: the last answer closes the question at once."""
    visitor.page.keyboard.press(key)
    visitor.until("document.getElementById('handin-note').dataset.kind === 'in'")


def right_key(server: Server, code: str, number: int) -> str:
    """The key of the right pad of a question, which its server alone knows while it is open."""
    dealt = (
        "select secret from trivia_roomquestion question join rooms_room room on room.id = question.game_id "
        "where room.code = ? and question.number = ?"
    )
    return str(json.loads(server.value(dealt, code, number))["answer"] + 1)


def wrong_key(server: Server, code: str, number: int) -> str:
    """The key of a pad that is wrong."""
    return "2" if right_key(server, code, number) == "1" else "1"


def gained(visitor: Visitor) -> int:
    """The points that the reveal shows to somebody who has answered; they come a moment after it."""
    expect(visitor.page.locator("#outcome-numbers")).to_be_visible()
    return int(visitor.page.locator("#outcome-points").inner_text().lstrip("+").replace(",", ""))


RING = "document.querySelector('[data-ring] .ring__number').textContent"


def assert_counts_down(server: Server, code: str, *visitors: Visitor) -> None:
    """Each shows the seconds until the deadline. A slow page may be behind for a while, but never ahead by
    more than the second that its idea of the server's time may be wrong."""
    closes_at = server.value(
        "select closes_at from trivia_triviagame game join rooms_room room on room.id = game.room_id "
        "where room.code = ?",
        code,
    )

    def left() -> int:
        return math.ceil(closes_at / 1000 - time.time())

    for visitor in visitors:
        visitor.until(f"Number({RING}) <= {left()}")
        shown = int(visitor.page.evaluate(RING))
        assert shown >= left() - 1


def standings_of(visitor: Visitor) -> list[tuple[str, int]]:
    """Names and points of the podium's table, best first."""
    rows = visitor.page.locator("tbody:visible tr")
    return [
        (row.locator("th bdi").inner_text(), int(row.locator("td").nth(1).inner_text().replace(",", "")))
        for row in rows.all()
    ]
