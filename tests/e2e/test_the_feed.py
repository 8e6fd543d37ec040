"""What happens is on open pages without a press: who came by a link, which room opened, what was missed."""

from playwright.sync_api import Page, expect

from tests.e2e.browsing import PHONE, SERVER_AWAY, STILL
from tests.e2e.conftest import Visit
from tests.e2e.looks import assert_good
from tests.e2e.server import Server
from tests.e2e.steps import create_room, own_name
from tests.e2e.test_signing_up import sign_up
from tests.support.waiting import wait_for


def lines(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator("[data-feed] .feed__text").all_inner_texts()]


def is_live(page: Page) -> None:
    expect(page.locator("[data-feed-live]")).to_be_visible()


def test_who_comes_by_a_link_is_seen_at_once_by_the_inviter_and_by_everybody(
    visit: Visit, server: Server
) -> None:
    host, friend, passer_by = visit(), visit(**PHONE, **STILL), visit()
    create_room(host)
    sign_up(host, server, "hostess@example.com")
    link = host.page.locator("[data-copy]").get_attribute("data-copy") or ""
    name = own_name(host)
    public = passer_by.go("/feed/")
    is_live(public)

    page = friend.go(link.removeprefix(server.url))
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    assert_good(friend, "invitation-phone")
    page.get_by_role("button", name="Play").click()
    page.wait_for_url("**/r/*/**")
    sign_up(friend, server, "friend@example.com")
    came = own_name(friend)
    expect(host.page.locator("[data-feed]")).to_contain_text(f"{came} signed up by your invitation")
    expect(public.locator("[data-feed]")).to_contain_text(f"{came} signed up and is a regular now.")
    assert not [line for line in lines(public) if "invitation" in line]
    thanks = wait_for(
        lambda: [m for m in server.mails("hostess@example.com") if "invitation" in m["subject"]],
        what="the inviter's mail",
    )
    assert len(thanks) == 1
    assert_good(host, "me-with-feed-desktop")
    assert_good(passer_by, "feed-desktop")


def test_a_page_that_lost_the_line_shows_what_it_missed(
    visit: Visit, server: Server, killed: list[str]
) -> None:
    host, passer_by = visit(), visit(**PHONE, **STILL)
    passer_by.expects(SERVER_AWAY)
    page = passer_by.go("/feed/")
    is_live(page)
    server.kill("web")
    killed.append("web")
    expect(page.locator("[data-feed-away]")).to_be_visible()
    assert_good(passer_by, "feed-away-phone")
    server.start(killed.pop())
    server.wait_until_ready()
    code = create_room(host, private=False)
    is_live(page)
    line = page.locator("[data-feed] li").filter(has=page.locator(f'a[href$="/r/{code}/"]'))
    expect(line).to_contain_text("opened")
    assert_good(passer_by, "feed-phone")
