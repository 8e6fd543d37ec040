"""Every page, on a desk and on a phone: no error in the console, nothing that axe calls serious."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.browsing import DESKTOP, PHONE, Visitor
from tests.e2e.conftest import Visit
from tests.e2e.server import Server
from tests.e2e.steps import create_room, end_round, start_round

PAGES = (
    "/",
    "/rooms/",
    "/rooms/new/",
    "/rooms/new/?kind=trivia",
    "/leaderboard/?game=trivia",
    "/join/",
    "/leaderboard/",
    "/leaderboard/?period=week",
    "/leaderboard/?period=all",
    "/feed/",
    "/me/",
    "/accounts/signup/",
    "/accounts/login/",
    "/accounts/logout/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
)
# Without motion: a panel that is still fading in has colours that it will not keep.
STILL = {"reduced_motion": "reduce"}
SIZES = {"desktop": DESKTOP | STILL, "phone": PHONE | STILL}


@pytest.fixture(scope="module", autouse=True)
def demo(server: Server) -> None:
    """Full tables have more to go wrong than empty ones."""
    server.manage("seed_games", "--players", "30", "--rooms", "6", "--events", "1200")


def faults(page: Page) -> list[str]:
    """What axe calls serious or critical, with the elements."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_error_and_no_serious_fault(visit: Visit, path: str, size: str) -> None:
    visitor = visit(**SIZES[size])
    page = visitor.go(path)
    page.wait_for_load_state("load")
    visitor.picture(f"page-{path.strip('/').replace('/', '-').replace('?', '-') or 'home'}-{size}")
    assert faults(page) == []
    assert_fits(page)


def assert_fits(page: Page) -> None:
    """Nothing makes the page scroll sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"the page is {wide} px wider than the screen"


@pytest.mark.parametrize("size", SIZES)
def test_a_profile_with_its_receipts_has_no_serious_fault(visit: Visit, server: Server, size: str) -> None:
    best = (
        "select handle from accounts_user join events_score on player = accounts_user.id order by points desc"
    )
    visitor = visit(**SIZES[size])
    page = visitor.go(f"/p/{server.value(best)}/")
    assert page.locator("[data-receipts] tbody tr").count() > 10
    visitor.picture(f"profile-{size}")
    assert faults(page) == []
    assert_fits(page)


@pytest.mark.parametrize("size", SIZES)
def test_the_room_in_every_phase_has_no_serious_fault(visit: Visit, size: str) -> None:
    visitor, stranger = visit(**SIZES[size]), visit(**SIZES[size])
    code = create_room(visitor)
    assert_good(visitor, f"room-lobby-{size}")
    stranger.go(f"/r/{code}/")
    stranger.phase("lobby")
    assert_good(stranger, f"room-arrival-{size}")
    visitor.page.locator("#bar-invite").click()
    assert_good(visitor, f"room-invite-{size}")
    visitor.page.keyboard.press("Escape")
    visitor.page.locator("#bar-look").click()
    assert_good(visitor, f"room-look-{size}")
    visitor.page.keyboard.press("Escape")
    tab = visitor.context.new_page()
    visitor.go(f"/r/{code}/", page=tab)
    visitor.phase("refused", page=tab)
    assert_good(visitor, f"room-refused-{size}", page=tab)
    tab.close()
    start_round(visitor)
    assert_good(visitor, f"room-playing-{size}")
    end_round(visitor)
    assert_good(visitor, f"room-podium-{size}")


def assert_good(visitor: Visitor, name: str, page: Page | None = None) -> None:
    """No serious fault, nothing too wide, and a picture of it."""
    visitor.picture(name, page)
    assert faults(page or visitor.page) == []
    assert_fits(page or visitor.page)


@pytest.mark.parametrize("path", ["/nothing-here/", "/r/BBBBBB/", "/p/nobody-at-all/", "/i/nobodys-link/"])
def test_a_page_that_is_not_there_is_a_page_too(visit: Visit, path: str) -> None:
    visitor = visit()
    visitor.expects("404")
    page = visitor.go(path)
    visitor.picture(f"missing-{path.strip('/').replace('/', '-')}")
    assert faults(page) == []
    assert page.get_by_role("link").count() > 0
