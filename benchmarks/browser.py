"""A real Chromium for the benchmarks that need one."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def browser_page(**context: Any) -> Iterator[Any]:
    """A page in a fresh context (cold cache), 1280 by 800 unless said otherwise."""
    from playwright.sync_api import sync_playwright

    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            yield browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **context}).new_page()
        finally:
            browser.close()
