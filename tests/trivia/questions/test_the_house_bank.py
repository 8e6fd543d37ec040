"""The house bank keeps its promises; and the check would say if it did not."""

import pytest

from rooms.trivia.importers import house
from rooms.trivia.importers.packs import BadFile
from rooms.trivia.questions.content import Choice, Content
from tests.trivia.questions.examples import question


@pytest.fixture(scope="module")
def bank() -> list[Content]:
    return house.read_bank()


def test_it_has_no_faults(bank: list[Content]) -> None:
    assert house.faults(bank) == []


def test_it_is_as_large_and_as_varied_as_promised(bank: list[Content]) -> None:
    assert len(bank) >= 400
    assert len({one.category for one in bank}) >= 10
    assert {one.difficulty for one in bank} == {"easy", "medium", "hard"}
    assert {one.licence for one in bank} == {"CC0-1.0"}


def test_it_has_its_licence_beside_it() -> None:
    assert "CC0 1.0" in (house.FOLDER / "LICENCE").read_text()


def test_the_check_finds_duplicates_and_what_is_missing(bank: list[Content]) -> None:
    told = house.faults([*bank, bank[0], question(text="Why?")])
    assert f"asked 2 times: {bank[0].text.casefold().rstrip('?')!r}" in told or any(
        "asked 2" in t for t in told
    )
    assert "'Why?' has no explanation" in told
    assert "'Why?' has no source" in told


def test_the_check_finds_answers_that_are_always_at_the_same_place(bank: list[Content]) -> None:
    lazy = [one for one in bank if not isinstance(one, Choice) or one.answer == 0]
    assert any("at place 0" in told for told in house.faults(lazy))


def test_the_check_finds_a_small_bank() -> None:
    assert "there are 0 questions, 400 are promised" in house.faults([])


def test_a_broken_file_is_named(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "space.json").write_text("{")  # type: ignore[operator]
    with pytest.raises(BadFile, match=r"space\.json: line 1: is not JSON"):
        house.read_bank(tmp_path)  # type: ignore[arg-type]


def test_the_check_can_be_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert house.main() == 0
    assert "0 problems" in capsys.readouterr().out
