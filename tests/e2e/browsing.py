"""A browser that forgives nothing: every console error, page error and failed request is remembered."""

import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, Response, expect

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
POLL_MS = 50
# How long a test waits for what must come. A machine that has much else to do is slow, and not at fault.
PATIENCE_SECONDS = 40.0
expect.set_options(timeout=PATIENCE_SECONDS * 1000)
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
# Without motion, where only what a page comes to is looked at.
STILL = {"reduced_motion": "reduce"}
# What a browser itself writes when the server is gone for a moment.
SERVER_AWAY = r"WebSocket connection to|ERR_CONNECTION|ERR_EMPTY_RESPONSE|502|503|Failed to fetch"


def find_chromium() -> str | None:
    """The browser that CHROMIUM names, else one on the PATH; None lets Playwright use its own."""
    if named := os.environ.get("CHROMIUM"):
        return named
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@contextmanager
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """A headless Chromium, drawing in software."""
    browser = playwright.chromium.launch(
        executable_path=find_chromium(), args=["--no-sandbox", "--disable-dev-shm-usage", "--mute-audio"]
    )
    try:
        yield browser
    finally:
        browser.close()


@dataclass
class Complaints:
    """What went wrong in a browser context, and what the test said it expects to."""

    seen: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: message.type == "error" and self.seen.append(_console(message)))
        page.on("pageerror", lambda error: self.seen.append(f"page error: {error}"))
        page.on("requestfailed", lambda request: self._failed(request))
        page.on("response", self._answered)

    def _failed(self, request: Any) -> None:
        # A page that is left cancels what it was loading; that is no fault.
        if request.failure != "net::ERR_ABORTED":
            self.seen.append(f"request failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.seen.append(f"{response.status}: {response.url}")

    def unexpected(self) -> list[str]:
        """The complaints that no expectation covers."""
        return [text for text in self.seen if not any(re.search(rule, text) for rule in self.expected)]


def _is_true(page: Page, script: str) -> bool:
    """What the script says now. A page that is just going, or has no body yet, says no."""
    try:
        return bool(page.evaluate(f"document.body !== null && ({script})"))
    except Error as error:
        if "navigati" in error.message or "context was destroyed" in error.message:
            return False
        raise


def _console(message: Any) -> str:
    return f"console: {message.text} ({message.location.get('url', '')})"


class Visitor:
    """One person with one browser window of their own."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self.complaints = Complaints()
        context.on("page", self.complaints.watch)
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        self.page = context.new_page()

    def go(self, path: str, page: Page | None = None) -> Page:
        """Open a page of the site."""
        page = page or self.page
        page.goto(self.url + path)
        return page

    def expects(self, *rules: str) -> None:
        """From now on complaints that match one of these patterns are part of the test."""
        self.complaints.expected += rules

    def phase(self, *names: str, page: Page | None = None, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until the room's page is in one of these phases."""
        wanted = json.dumps(names)
        self.until(f"{wanted}.includes(document.body.dataset.phase)", seconds=seconds, page=page)

    def data(self, name: str, page: Page | None = None) -> str:
        """A `data-` attribute of the room's page."""
        return (page or self.page).locator("body").get_attribute(f"data-{name}") or ""

    def number(self, name: str, page: Page | None = None) -> int:
        """The same as a number; 0 when it is not there."""
        return int(self.data(name, page) or 0)

    def until(self, script: str, *, seconds: float = PATIENCE_SECONDS, page: Page | None = None) -> None:
        """Wait until a JavaScript expression is true. (The site's CSP forbids Playwright's own way.)"""
        page = page or self.page
        self.wait(lambda: _is_true(page, script), what=script, seconds=seconds)

    def wait(
        self, condition: Callable[[], Any], *, what: str = "", seconds: float = PATIENCE_SECONDS
    ) -> None:
        """Wait until `condition()` is true. Unlike `wait_for` it hears the browser meanwhile."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"waited {seconds:g} s in vain for {what or condition}"
            self.page.wait_for_timeout(POLL_MS)

    def cookie(self) -> str:
        """The Cookie header of this person's session."""
        cookies = self.context.cookies(self.url)
        return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies)

    def picture(self, name: str, page: Page | None = None) -> None:
        """Keep a picture in the folder that E2E_PICTURES names, if it names one."""
        if folder := os.environ.get("E2E_PICTURES"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            (page or self.page).screenshot(path=Path(folder) / f"{name}.png")
