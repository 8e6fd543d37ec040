"""From the first click to the leaderboard, in real browsers."""

from playwright.sync_api import expect

from tests.e2e.browsing import PHONE
from tests.e2e.conftest import Visit
from tests.e2e.guests import Guest
from tests.e2e.lookout import hunt, hunting, watching
from tests.e2e.server import Server, wait_for
from tests.e2e.steps import create_room, join_by_link, press_play, start_round


def test_a_stranger_sees_a_live_battle_presses_play_and_flies(visit: Visit, server: Server) -> None:
    stranger = visit()
    stranger.go("/")
    stranger.picture("home-desktop")
    code = press_play(stranger)
    slot = stranger.number("own-slot")
    with watching(server.url, code) as view:
        before = wait_for(lambda: view.ships.get(slot), what="the stranger's ship")
        stranger.page.keyboard.down("ArrowUp")
        wait_for(
            lambda: (
                view.ships[slot].alive and (view.ships[slot].x, view.ships[slot].y) != (before.x, before.y)
            ),
            what="a ship that moves",
        )
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
        shot = next(hit for hit in view.hits if (hit.shooter, hit.victim) == (own, target))
        assert shot
    prey.until("document.querySelectorAll('[data-hull-slice].hull__slice--gone').length > 0")
    hunter.until("Number(document.body.dataset.score) > 0")
    hunter.picture("hit-hunter")
    prey.picture("hit-prey")
    score = hunter.number("score")
    page = hunter.go("/leaderboard/?period=day")
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
    with watching(server.url, code) as view:
        wait_for(lambda: slot in view.ships and view.ships[slot].alive, what="the phone's ship")
        before = view.ships[slot]
        touch = phone.context.new_cdp_session(phone.page)
        width, height = PHONE["viewport"]["width"], PHONE["viewport"]["height"]
        stick = {"x": width * 0.22, "y": height * 0.8, "id": 1}
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [stick]})
        pushed = {**stick, "x": stick["x"] + 60}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [pushed]})
        wait_for(
            lambda: (view.ships[slot].x, view.ships[slot].y) != (before.x, before.y), what="a ship that moves"
        )
        phone.picture("flying-phone")
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


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
