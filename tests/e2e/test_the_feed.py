"""What happens is on open pages without a press: who came by a link, which room opened, what was missed."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.browsing import PHONE, SERVER_AWAY
from tests.e2e.conftest import Visit
from tests.e2e.server import Server
from tests.e2e.steps import create_room, own_name
from tests.e2e.test_every_page import assert_good
from tests.e2e.test_signing_up import sign_up
from tests.support.waiting import wait_for

STILL = {"reduced_motion": "reduce"}


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


def test_a_page_that_lost_the_line_shows_what_it_missed(visit: Visit, server: Server) -> None:
    host, passer_by = visit(), visit(**PHONE, **STILL)
    passer_by.expects(SERVER_AWAY)
    page = passer_by.go("/feed/")
    is_live(page)
    server.kill("web")
    expect(page.locator("[data-feed-away]")).to_be_visible()
    assert_good(passer_by, "feed-away-phone")
    server.start("web")
    server.wait_until_ready()
    code = create_room(host, private=False)
    wait_for(
        lambda: server.value("select count(*) from feed_entry where kind = 'opened' and audience = 'public'"),
        what="the entry",
    )
    is_live(page)
    expect(page.locator("[data-feed] li").first).to_contain_text("opened")
    expect(page.locator("[data-feed] li").first.get_by_role("link").last).to_have_attribute(
        "href", re.compile(f"/r/{code}/$")
    )
    assert_good(passer_by, "feed-phone")
