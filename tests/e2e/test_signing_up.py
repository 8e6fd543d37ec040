"""A guest becomes a member by a real mail, and loses nothing."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.browsing import Visitor
from tests.e2e.conftest import Visit
from tests.e2e.guests import Guest
from tests.e2e.lookout import Statue, flying, hunt, watching
from tests.e2e.server import Server
from tests.e2e.steps import create_room, start_round
from tests.support.waiting import wait_for

PASSWORD = "four cheeses and a comet"


def test_a_guest_who_signs_up_keeps_name_score_and_every_receipt(visit: Visit, server: Server) -> None:
    guest = visit()
    code = create_room(guest)
    target = Guest(server.url)
    statue = flying(server.url, code, target.join(code), Statue())
    with statue as wing, watching(server.url, code) as view:
        start_round(guest)
        own, prey = guest.number("own-slot"), wing.client.slot
        hunt(guest.page, view, own=own, prey=prey, until=lambda: guest.number("score") > 0)
    page = guest.go("/me/")
    name = page.get_by_role("heading", level=1).inner_text()
    receipts = receipts_of(page)
    sign_up(guest, server, "ada@example.com")
    page = guest.go("/me/")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("[data-signup-nudge]")).to_have_count(0)
    assert receipts <= receipts_of(page)
    guest.picture("profile-desktop")

    elsewhere = visit()
    log_in(elsewhere, "ada@example.com")
    expect(elsewhere.go("/me/").get_by_role("heading", level=1)).to_have_text(name)


def receipts_of(page: Page) -> set[str]:
    """From the own page to one's points, and what each was for."""
    page.get_by_role("link", name="Points and receipts").click()
    codes = page.locator("[data-receipts] tbody code")
    expect(codes.first).to_be_visible()
    return set(codes.all_inner_texts())


def sign_up(visitor: Visitor, server: Server, email: str) -> None:
    """Form, mail, code."""
    page = visitor.go("/accounts/signup/")
    visitor.picture("signup-desktop")
    page.get_by_label(re.compile("e-?mail", re.I)).fill(email)
    page.get_by_label(re.compile("password", re.I)).fill(PASSWORD)
    page.get_by_role("button", name="Send me a code").click()
    mail = wait_for(lambda: server.mails(email), what="the mail with the code")[-1]
    code = re.search(r"^\s+(\d{6})\s*$", mail.get_body(("plain",)).get_content(), re.M).group(1)
    page.get_by_label(re.compile("code|digits", re.I)).fill(code)
    page.get_by_role("button", name="Finish sign-up").click()
    page.wait_for_url("**/me/")
    wait_for(lambda: len(server.mails(email)) > 1, what="the welcome mail")


def log_in(visitor: Visitor, email: str) -> None:
    page = visitor.go("/accounts/login/")
    page.get_by_label(re.compile("e-?mail", re.I)).fill(email)
    page.get_by_label(re.compile("password", re.I)).fill(PASSWORD)
    page.locator("main form").get_by_role("button", name=re.compile("log in", re.I)).click()
    page.wait_for_url(lambda url: "login" not in url)
