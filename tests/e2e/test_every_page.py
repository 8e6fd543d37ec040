"""Every page, on a desk and on a phone: no error in the console, nothing that axe calls serious."""

import pytest

from tests.e2e.browsing import DESKTOP, PHONE, STILL
from tests.e2e.conftest import Visit
from tests.e2e.looks import assert_good, faults
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
SIZES = {"desktop": DESKTOP | STILL, "phone": PHONE | STILL}


@pytest.fixture(scope="module", autouse=True)
def demo(server: Server) -> None:
    """Full tables have more to go wrong than empty ones."""
    server.manage("seed_games", "--players", "30", "--rooms", "6", "--events", "1200")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_error_and_no_serious_fault(visit: Visit, path: str, size: str) -> None:
    visitor = visit(**SIZES[size])
    page = visitor.go(path)
    page.wait_for_load_state("load")
    assert_good(visitor, f"page-{path.strip('/').replace('/', '-').replace('?', '-') or 'home'}-{size}")


@pytest.mark.parametrize("size", SIZES)
def test_a_profile_with_its_receipts_has_no_serious_fault(visit: Visit, server: Server, size: str) -> None:
    best = (
        "select handle from accounts_user join events_score on player = accounts_user.id"
        " order by entries desc"
    )
    visitor = visit(**SIZES[size])
    page = visitor.go(f"/p/{server.value(best)}/")
    assert page.locator("[data-receipts] tbody tr").count() > 10
    assert_good(visitor, f"profile-{size}")


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


@pytest.mark.parametrize("path", ["/nothing-here/", "/r/BBBBBB/", "/p/nobody-at-all/", "/i/nobodys-link/"])
def test_a_page_that_is_not_there_is_a_page_too(visit: Visit, path: str) -> None:
    visitor = visit()
    visitor.expects("404")
    page = visitor.go(path)
    visitor.picture(f"missing-{path.strip('/').replace('/', '-')}")
    assert faults(visitor) == []
    assert page.get_by_role("link").count() > 0
