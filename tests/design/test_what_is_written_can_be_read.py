"""Text stands out from what it lies on, by WCAG 2.2 AA, on every surface that the components have."""

import re
from pathlib import Path

import pytest

from tests.design.colours import contrast

CSS = Path(__file__).parents[2] / "spacegame" / "static" / "css"
TEXT = ("text", "quiet", "link", "heading", "good", "bad")
SURFACES = {
    "the night": ("tokens.css", ":root"),
    "a pizza box": ("components.css", ".panel"),
    "a menu card": ("components.css", ".panel--menu"),
    "the dark panel": ("components.css", ".panel--night"),
    "a notice": ("components.css", ".notice"),
    "a till roll": ("pages.css", ".till"),
}


def declared(file: str, selector: str) -> dict[str, str]:
    """The custom properties that this selector's rules set, those that it shares with others included."""
    css = re.sub(r"/\*.*?\*/", "", (CSS / file).read_text(), flags=re.S)
    found: dict[str, str] = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        if selector in [one.strip() for one in selectors.split(",")]:
            found |= re.findall(r"--([\w-]+):\s*([^;]+);", body)
    return found


def colours_on(surface: str) -> dict[str, str]:
    """What every name means there, as #rrggbb."""
    names = declared("tokens.css", ":root")
    file, selector = SURFACES[surface]
    if selector.startswith(".panel--"):
        names |= declared(file, ".panel")
    names |= declared(file, selector)

    def resolve(value: str) -> str:
        while reference := re.match(r"var\(--([\w-]+)\)", value):
            value = names[reference[1]]
        return value[:7]

    return {
        name: resolve(value) for name, value in names.items() if name in (*TEXT, "surface", "focus", "line")
    }


@pytest.mark.parametrize("surface", SURFACES)
def test_text_on(surface: str) -> None:
    colours = colours_on(surface)
    ratios = {name: round(contrast(colours[name], colours["surface"]), 2) for name in TEXT if name in colours}
    assert {name: ratio for name, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("surface", SURFACES)
def test_the_keyboards_place_on(surface: str) -> None:
    colours = colours_on(surface)
    assert contrast(colours["focus"], colours["surface"]) >= 3


@pytest.mark.parametrize(
    ("text", "button"),
    [("#ffffff", "#d02c1b"), ("#ffffff", "#dd3622"), ("#2a1128", "#ffbb33"), ("#2a1128", "#ffcb62")],
)
def test_what_buttons_say(text: str, button: str) -> None:
    assert contrast(text, button) >= 4.5
