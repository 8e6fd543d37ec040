"""What people do on the site, in one place: each step waits for what it causes."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.browsing import Visitor


def press_play(visitor: Visitor) -> str:
    """From the home page into a running game; the room's code."""
    visitor.go("/")
    visitor.page.get_by_role("button", name="Play", exact=True).first.click()
    visitor.page.wait_for_url("**/r/*/**")
    visitor.phase("playing", "dead")
    return code_of(visitor.page)


def code_of(page: Page) -> str:
    """The code in the address of a room's page."""
    found = re.search(r"/r/([A-Z0-9]{6})/", page.url)
    assert found, page.url
    return found.group(1)


def create_room(visitor: Visitor, *, size: int = 2, private: bool = True, bots: int = 0) -> str:
    """Host a room and wait in its lobby; the room's code."""
    page = visitor.go("/rooms/new/")
    choose(page, "visibility", "private" if private else "public")
    choose(page, "size", str(size))
    choose(page, "bots", str(bots))
    page.locator("main form[method=post] button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/r/[A-Z]{6}/"))
    visitor.phase("lobby")
    return code_of(page)


def choose(page: Page, name: str, value: str) -> None:
    """Set a form's field, whether it is a list, a row of choices, or a number."""
    field = page.locator(f"main [name={name}]").first
    if field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(value)
    elif field.get_attribute("type") == "radio":
        page.locator(f'main [name={name}][value="{value}"]').check(force=True)
    else:
        field.fill(value)


def join_by_code(visitor: Visitor, code: str) -> None:
    """Type the code on the home page."""
    page = visitor.go("/")
    page.get_by_label(re.compile("code", re.I)).first.fill(code.lower())
    page.get_by_role("button", name=re.compile("join", re.I)).first.click()
    page.wait_for_url(f"**/r/{code}/**")
    take_seat(visitor)


def join_by_link(visitor: Visitor, code: str) -> None:
    """Open the room's own address."""
    visitor.go(f"/r/{code}/")
    take_seat(visitor)


def take_seat(visitor: Visitor) -> None:
    """Be seated in the room whose page is open; a stranger presses the button that makes a guest."""
    if not _is_somebody(visitor):
        visitor.page.locator("#arrival-join button").click()
    visitor.until("document.body.dataset.ownSlot")
    visitor.phase("lobby", "countdown", "playing", "dead")


def _is_somebody(visitor: Visitor) -> bool:
    return any(cookie["name"] == "sessionid" for cookie in visitor.context.cookies(visitor.url))


def start_round(host: Visitor, *others: Visitor) -> None:
    """The host starts; everybody sees the countdown's end."""
    host.page.locator("#lobby-start").click()
    for visitor in (host, *others):
        visitor.phase("playing", "dead")


def end_round(host: Visitor, *others: Visitor) -> None:
    """The host ends the round and confirms; everybody sees the podium."""
    host.page.locator("#bar-end").click()
    host.page.locator("#ask-yes").click()
    for visitor in (host, *others):
        visitor.phase("over")


def kick(host: Visitor, name: str) -> None:
    """The host kicks the player with this name, and confirms."""
    host.page.get_by_role("button", name=f"Kick {name}").click()
    host.page.locator("#ask-yes").click()


def lock(host: Visitor) -> None:
    """The host lets nobody new in; the button then offers to unlock."""
    host.page.locator("#bar-lock").click()
    expect(host.page.locator("#bar-lock-label")).to_have_text("Unlock")


def own_name(visitor: Visitor) -> str:
    """The name of the player whose session this is."""
    page = visitor.context.new_page()
    page.goto(visitor.url + "/me/")
    name = page.get_by_role("heading", level=1).inner_text()
    page.close()
    return name
