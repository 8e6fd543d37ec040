"""One server for all browser tests; a browser for each file of them; visitors for each test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.browsing import DESKTOP, Visitor, chromium
from tests.e2e.guests import own_address
from tests.e2e.modules import Modules
from tests.e2e.server import Server, running_server

Visit = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e/" in item.nodeid:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    """The real server. It ends with this folder: its beat and worker are not to keep other tests company."""
    with running_server() as running:
        yield running


@pytest.fixture
def killed(server: Server) -> Iterator[list[str]]:
    """Names of processes that the test killed; they are started again whatever happened."""
    names: list[str] = []
    yield names
    for name in names:
        server.start(name)
    server.wait_until_ready()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. It ends with the file: Playwright keeps an event loop that other tests must not meet."""
    with sync_playwright() as playwright, chromium(playwright) as opened:
        yield opened


@pytest.fixture(scope="module")
def modules(server: Server, browser: Browser) -> Iterator[Modules]:
    """One page for all checks of a file's modules; it may not complain of anything."""
    visitor = Visitor(browser.new_context(**DESKTOP), server.url)
    yield Modules(visitor, server)
    visitor.context.close()
    assert visitor.complaints.unexpected() == []


@pytest.fixture
def visit(server: Server, browser: Browser) -> Iterator[Visit]:
    """Makes visitors. A test fails when a browser complained of anything that it did not expect."""
    visitors: list[Visitor] = []

    def make(**options: Any) -> Visitor:
        context = browser.new_context(
            **(options or DESKTOP), extra_http_headers={"X-Forwarded-For": own_address()}
        )
        visitor = Visitor(context, server.url)
        visitors.append(visitor)
        return visitor

    yield make
    complaints = [text for visitor in visitors for text in visitor.complaints.unexpected()]
    for visitor in visitors:
        visitor.context.close()
    assert complaints == []
