"""What the strict policy forbids is in no page, and every drawing that a page asks for exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    page
    for page in sorted((ROOT / "templates").rglob("*.html"))
    if not {"admin", "email"} & set(page.relative_to(ROOT / "templates").parts)
]
FONTS_BYTES = 45_000
CSS_BYTES = 60_000


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_inline_style_or_script_in(page: Path) -> None:
    text = page.read_text()
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", text) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", text) == []


def test_every_icon_that_a_page_asks_for_is_drawn() -> None:
    drawn = set(
        re.findall(r'<symbol id="([\w-]+)"', (ROOT / "spacegame/static/icons/sprite.svg").read_text())
    )
    asked = {
        name
        for page in PAGES
        for name in re.findall(r'\{% icon "([\w-]+)"|picture="([\w-]+)"', page.read_text())
        for name in name
        if name
    }
    assert asked
    assert asked <= drawn


def test_the_fonts_stay_light() -> None:
    assert sum(font.stat().st_size for font in ROOT.glob("spacegame/static/fonts/*.woff2")) < FONTS_BYTES


def test_the_style_sheets_stay_small() -> None:
    assert sum(sheet.stat().st_size for sheet in ROOT.glob("spacegame/static/css/*.css")) < CSS_BYTES
