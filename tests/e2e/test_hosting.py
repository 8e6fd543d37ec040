"""A host's room: who comes in, who stays out, how a round ends and begins again."""

from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.guests import Guest
from tests.e2e.lookout import Statue, flying, hunt, hunting, watching
from tests.e2e.server import Server
from tests.e2e.steps import (
    create_room,
    end_round,
    join_by_code,
    join_by_link,
    kick,
    lock,
    own_name,
    press_play,
    start_round,
    take_seat,
)


def test_a_private_room_from_the_code_to_the_podium_and_into_the_rematch(
    visit: Visit, server: Server
) -> None:
    host, by_code, by_link = visit(), visit(), visit()
    code = create_room(host, size=4)
    join_by_code(by_code, code)
    join_by_link(by_link, code)
    host.picture("lobby-desktop")
    start_round(host, by_code, by_link)
    end_round(host, by_code, by_link)
    host.picture("podium-desktop")
    host.page.locator("#podium-again").click()
    host.page.wait_for_url(lambda url: code not in url)
    host.phase("lobby")
    for guest in (by_code, by_link):
        guest.page.locator("#podium-next").click()
        guest.page.wait_for_url(lambda url: code not in url)
        guest.phase("lobby")


def test_a_private_room_is_in_no_list(visit: Visit) -> None:
    host, other = visit(), visit()
    code = create_room(host)
    page = other.go("/rooms/")
    expect(page.get_by_role("heading").first).to_be_visible()
    expect(page.get_by_text(code)).to_have_count(0)


def test_a_public_room_appears_in_the_open_lobby_page_by_itself(visit: Visit) -> None:
    host, other = visit(), visit()
    page = other.go("/rooms/")
    other.picture("rooms-desktop")
    code = create_room(host, private=False)
    expect(page.locator(f'a[href*="/r/{code}/"]').first).to_be_visible()


def test_whoever_is_kicked_stays_out(visit: Visit) -> None:
    host, guest = visit(), visit()
    code = create_room(host)
    join_by_link(guest, code)
    kick(host, own_name(guest))
    guest.phase("refused")
    guest.picture("kicked-desktop")
    guest.go(f"/r/{code}/")
    guest.phase("refused")


def test_a_locked_room_lets_nobody_new_in_and_offers_to_watch(visit: Visit) -> None:
    host, late = visit(), visit()
    code = create_room(host, size=4)
    lock(host)
    press_play(late)
    late.go(f"/r/{code}/")
    late.phase("refused")
    late.picture("locked-desktop")
    late.page.locator("[data-offer=watch]").click()
    late.phase("lobby")
    assert late.data("own-slot") == ""


def test_a_full_room_offers_to_watch_and_the_watcher_sees_the_game(visit: Visit, server: Server) -> None:
    host, late = visit(), visit()
    code = create_room(host)
    guest = Guest(server.url)
    with hunting(server.url, code, guest.join(code)):
        press_play(late)
        late.go(f"/r/{code}/")
        late.phase("refused")
        late.picture("full-desktop")
        late.page.locator("[data-offer=watch]").click()
        start_round(host)
        late.phase("playing")
        assert late.data("own-slot") == ""
        late.picture("watching-desktop")


def test_a_second_tab_offers_to_take_over_and_the_first_says_where_the_player_went(visit: Visit) -> None:
    player = visit()
    code = create_room(player)
    first, slot = player.page, player.data("own-slot")
    second = player.context.new_page()
    player.go(f"/r/{code}/", page=second)
    player.phase("refused", page=second)
    player.picture("two-tabs-desktop", page=second)
    second.locator("#refusal-takeover").click()
    player.phase("lobby", page=second)
    assert player.data("own-slot", page=second) == slot
    player.phase("refused", page=first)
    player.picture("taken-over-desktop", page=first)


def test_a_reload_in_mid_game_keeps_ship_and_score(visit: Visit, server: Server) -> None:
    player = visit()
    code = create_room(player)
    statue = flying(server.url, code, Guest(server.url).join(code), Statue())
    with statue as wing, watching(server.url, code) as view:
        start_round(player)
        slot = player.number("own-slot")
        hunt(player.page, view, own=slot, prey=wing.client.slot, until=lambda: player.number("score") > 0)
        score = player.number("score")
        player.page.reload()
        player.phase("playing", "dead")
        assert player.number("own-slot") == slot
        player.until(f"Number(document.body.dataset.score) >= {score}")


def test_a_room_that_does_not_exist_says_so_and_offers_another(visit: Visit) -> None:
    stranger = visit()
    stranger.expects("404")
    page = stranger.go("/r/BBBBBB/")
    stranger.picture("no-room-desktop")
    expect(page.get_by_role("heading").first).to_be_visible()
    take = page.get_by_role("link").or_(page.get_by_role("button"))
    assert take.count() > 0


def test_leaving_a_room_leads_home_and_frees_the_seat(visit: Visit, server: Server) -> None:
    host, guest = visit(), visit()
    code = create_room(host)
    join_by_link(guest, code)
    guest.page.locator("#bar-leave").click()
    guest.page.wait_for_url(lambda url: code not in url)
    another = visit()
    another.go(f"/r/{code}/")
    take_seat(another)
