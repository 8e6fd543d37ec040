"""Six answer pads: what they say can be read, and no two look alike, to any eyes."""

import itertools
import re
from pathlib import Path

import pytest

from tests.design.colours import EYES, contrast, distance

CSS = (Path(__file__).parents[2] / "rooms/trivia/static/trivia/trivia.css").read_text()
PADS = re.findall(r"--pad-\d: (#\w{6});", CSS)
WHITE, PRINT, CREAM, DIMMED, BADGE, INK = "#ffffff", "#2a1128", "#fff1d6", "#3b2451", "#fff6e6", "#160b22"


def test_there_are_as_many_pads_as_choices() -> None:
    assert len(PADS) == 6


@pytest.mark.parametrize("number", range(6))
def test_what_a_pad_says_can_be_read(number: int) -> None:
    text = PRINT if number in (1, 3, 5) else WHITE
    assert contrast(text, PADS[number]) >= 4.5
    assert contrast(PADS[number], INK) >= 3, "the pad itself stands out from the night"


def test_a_pad_that_was_not_chosen_can_still_be_read() -> None:
    assert contrast(CREAM, DIMMED) >= 4.5
    assert contrast(INK, BADGE) >= 4.5


@pytest.mark.parametrize("eyes", EYES)
def test_no_two_pads_look_alike_to(eyes: str) -> None:
    pairs = itertools.combinations(PADS, 2)
    assert [pair for pair in pairs if distance(*pair, EYES[eyes]) < 8] == []
