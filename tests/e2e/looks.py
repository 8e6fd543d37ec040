"""How a page looks at rest: nothing that axe calls serious, nothing wider than the screen."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.browsing import Visitor

# A panel that is still fading in has colours that it will not keep. What moves for ever, stands still, or
# has not begun (nor shows how it will begin) is as it is to be seen. What begins while this waits is waited
# for in a second turn, and not in a third: a countdown begins anew on every frame.
COME_TO_REST = """async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const moves = (one) => {
        const { endTime, progress } = one.effect.getComputedTiming();
        return endTime !== Infinity && progress !== null && one.playState === "running";
    };
    for (const _ of [1, 2]) {
        await frame();
        await Promise.allSettled(document.getAnimations().filter(moves).map((one) => one.finished));
    }
}"""


def come_to_rest(visitor: Visitor, page: Page | None = None) -> None:
    """Wait until all is drawn and every animation and transition that ends has ended."""
    (page or visitor.page).evaluate(COME_TO_REST)


def faults(visitor: Visitor, page: Page | None = None) -> list[str]:
    """What axe calls serious or critical in the page at rest, with the elements."""
    come_to_rest(visitor, page)
    found: list[dict[str, Any]] = Axe().run(page or visitor.page).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def too_wide(visitor: Visitor, page: Page | None = None) -> list[str]:
    """By how much the page would scroll sideways."""
    script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    wide = (page or visitor.page).evaluate(script)
    return [f"the page is {wide} px wider than the screen"] if wide > 0 else []


def assert_good(visitor: Visitor, name: str, page: Page | None = None) -> None:
    """No serious fault, nothing too wide, and a picture of it."""
    found = faults(visitor, page) + too_wide(visitor, page)
    visitor.picture(name, page)
    assert found == []
