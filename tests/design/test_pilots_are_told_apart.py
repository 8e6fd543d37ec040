"""Twelve colours and twelve marks: the same in the page, in the canvas and in the database's limits."""

import itertools
import re
from pathlib import Path

import pytest

from accounts.models import COLOURS, MARKS
from tests.design.colours import EYES, contrast, distance

STATIC = Path(__file__).parents[2] / "spacegame" / "static"
NIGHT = ("#160b22", "#28143d")


def in_the_script(name: str) -> list[str]:
    text = (STATIC / "js" / "palette.js").read_text()
    block = re.search(rf"export const {name} = Object\.freeze\(\[(.*?)\]\)", text, re.S)
    assert block
    return re.findall(r'"([^"]+)"', block[1])


def test_the_script_has_as_many_as_a_player_may_choose() -> None:
    assert len(in_the_script("COLOURS")) == COLOURS
    assert len(in_the_script("MARKS")) == MARKS


def test_the_page_has_the_same_colours_as_the_canvas() -> None:
    tokens = dict(re.findall(r"--c-(\d+): (#\w{6});", (STATIC / "css" / "tokens.css").read_text()))
    assert [tokens[str(number)] for number in range(COLOURS)] == in_the_script("COLOURS")


def test_the_page_has_the_same_marks_as_the_canvas() -> None:
    sprite = (STATIC / "icons" / "sprite.svg").read_text()
    marks = dict(re.findall(r'id="mark-(\d+)".*?fill-rule="evenodd" d="([^"]+)"', sprite))
    assert [marks[str(number)] for number in range(MARKS)] == in_the_script("MARKS")


def test_every_mark_is_different() -> None:
    assert len(set(in_the_script("MARKS"))) == MARKS


@pytest.mark.parametrize("night", NIGHT)
def test_every_colour_stands_out_from_the_night(night: str) -> None:
    faint = [colour for colour in in_the_script("COLOURS") if contrast(colour, night) < 3]
    assert faint == []


@pytest.mark.parametrize("eyes", EYES)
def test_no_two_colours_look_alike_to(eyes: str) -> None:
    pairs = itertools.combinations(in_the_script("COLOURS"), 2)
    assert [pair for pair in pairs if distance(*pair, EYES[eyes]) < 8] == []
