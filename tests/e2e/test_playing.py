"""From the first click to the leaderboard, in real browsers."""

from playwright.sync_api import CDPSession, expect

from tests.e2e.browsing import PHONE, Visitor
from tests.e2e.conftest import Visit
from tests.e2e.guests import Guest
from tests.e2e.lookout import hunt, hunting, place_of, points_of, wait_for_the_last_olive, watching
from tests.e2e.server import Server
from tests.e2e.steps import create_room, join_by_link, press_play, start_round
from tests.support.waiting import wait_for


def test_a_stranger_sees_a_live_battle_presses_play_and_flies(visit: Visit, server: Server) -> None:
    stranger = visit()
    stranger.go("/")
    stranger.picture("home-desktop")
    code = press_play(stranger)
    slot = stranger.number("own-slot")
    with watching(server.url, code) as view:
        before = wait_for(lambda: place_of(view, slot), what="the stranger's ship")
        stranger.page.keyboard.down("ArrowUp")
        wait_for(lambda: place_of(view, slot) not in (None, before), what="a ship that moves")
        stranger.page.keyboard.up("ArrowUp")
    stranger.picture("playing-desktop")


def test_one_browser_shoots_another_both_see_it_and_the_leaderboard_shows_it(
    visit: Visit, server: Server
) -> None:
    hunter, prey = visit(), visit()
    code = create_room(hunter)
    join_by_link(prey, code)
    start_round(hunter, prey)
    own, target = hunter.number("own-slot"), prey.number("own-slot")
    with watching(server.url, code) as view:
        hunt(hunter.page, view, own=own, prey=target, until=lambda: hunter.number("hits") > 0)
        wait_for(
            lambda: any((hit.shooter, hit.victim) == (own, target) for hit in list(view.hits)),
            what="the hit on the watcher's socket",
        )
        prey.until("document.querySelectorAll('[data-hull-slice].hull__slice--gone').length > 0")
        hunter.picture("hit-hunter")
        prey.picture("hit-prey")
        wait_for_the_last_olive(view)  # now the score stays as it is
        score = points_of(view, own)
    hunter.until(f"Number(document.body.dataset.score) === {score}")
    page = hunter.go("/leaderboard/?period=all")  # a day may end here
    row = page.locator("tr[data-own]")
    expect(row).to_contain_text("You")
    expect(row.locator("td").nth(1)).to_have_text(str(score))
    hunter.picture("leaderboard-desktop")


def test_a_phone_flies_and_shoots_by_touch(visit: Visit, server: Server) -> None:
    phone = visit(**PHONE)
    phone.go("/")
    phone.picture("home-phone")
    code = press_play(phone)
    slot = phone.number("own-slot")
    phone.picture("playing-phone")
    stick, button = middle_of(phone, "#touch-stick"), middle_of(phone, ".touch__fire")
    with watching(server.url, code) as view:
        before = wait_for(lambda: place_of(view, slot), what="the phone's ship")
        fingers = phone.context.new_cdp_session(phone.page)
        touch(fingers, "touchStart", stick)
        touch(fingers, "touchMove", stick | {"x": stick["x"] + 60})
        wait_for(lambda: place_of(view, slot) not in (None, before), what="a ship that moves")
        touch(fingers, "touchStart", stick | {"x": stick["x"] + 60}, button)
        wait_for(lambda: any(shot.owner == slot for shot in list(view.shots)), what="an olive of the phone's")
        phone.picture("flying-phone")
        touch(fingers, "touchEnd")


def middle_of(visitor: Visitor, selector: str) -> dict[str, float]:
    """Where a finger touches it."""
    box = visitor.page.locator(selector).bounding_box()
    assert box, selector
    return {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}


def touch(fingers: CDPSession, kind: str, *points: dict[str, float]) -> None:
    """All the fingers that are on the screen now."""
    numbered = [point | {"id": number} for number, point in enumerate(points)]
    fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": numbered})


def test_a_hit_by_somebody_without_a_browser_is_seen_in_the_browser(visit: Visit, server: Server) -> None:
    prey = visit()
    code = create_room(prey)
    hunter = Guest(server.url)
    with hunting(server.url, code, hunter.join(code), prey=prey.number("own-slot")) as wing:
        start_round(prey)
        prey.phase("dead", seconds=60)
        prey.picture("dead-desktop")
        wait_for(lambda: wing.points, what="points for the hunter")
        prey.phase("playing")
