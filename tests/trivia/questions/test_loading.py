"""Files go into the bank whole or not at all, once, and come out as they went in."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from rooms.trivia.importers import house, own_json, table
from rooms.trivia.importers.loading import load_house_bank
from rooms.trivia.importers.packs import Pack
from rooms.trivia.models import Question
from rooms.trivia.questions.content import Content
from rooms.trivia.questions.storing import Stored, store
from tests.trivia.questions.examples import ONE_OF_EACH, question

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def ran(command: str, *arguments: object) -> str:
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


def written(path: Path, *questions: Content, name: str = "Pub") -> Path:
    path.write_bytes(own_json.write(Pack(name=name, licence="CC0-1.0", questions=list(questions))))
    return path


def test_a_file_is_loaded_once(tmp_path: Path) -> None:
    file = written(tmp_path / "a.json", *(question(kind) for kind in ONE_OF_EACH))
    assert ran("load_questions", file) == "Loaded Pub: 6 new.\n"
    assert ran("load_questions", file) == "Loaded Pub: 6 known already.\n"
    assert Question.objects.count() == 6


def test_every_type_comes_out_of_the_database_as_it_went_in() -> None:
    given = [question(kind, tags=["a", "b"], explanation="Because 🍕", fact=kind) for kind in ONE_OF_EACH]
    store(questions=given, pack="tests")
    assert [row.as_content() for row in Question.objects.order_by("id")] == given


def test_one_broken_file_stops_the_others_too(tmp_path: Path) -> None:
    good, bad = written(tmp_path / "good.json", question()), tmp_path / "bad.csv"
    bad.write_text(table.template().replace("true", "maybe"))
    with pytest.raises(CommandError) as refusal:
        ran("load_questions", good, bad)
    assert str(refusal.value).splitlines() == [
        "Nothing was loaded.",
        "bad.csv: line 3: right: should be true or false, and is 'maybe'",
    ]
    assert not Question.objects.exists()


def test_a_dry_run_counts_and_changes_nothing(tmp_path: Path) -> None:
    file = written(tmp_path / "a.json", question(), question(text="Another?", answer=0))
    assert ran("load_questions", file, "--dry-run") == "Would load Pub: 2 new.\n"
    assert not Question.objects.exists()


def test_duplicates_are_counted_within_a_file_and_between_packs(tmp_path: Path) -> None:
    ran("load_questions", written(tmp_path / "a.json", question()))
    again = [question(), question(text="New?"), question(text="NEW"), question(explanation="Better.")]
    told = ran("load_questions", written(tmp_path / "b.json", *again, name="Other"))
    assert told == "Loaded Other: 1 new, 1 known already, 2 twice in the file.\n"
    assert Question.objects.get(pack="Pub").explanation == ""


def test_a_newer_file_of_the_same_pack_brings_its_changes(tmp_path: Path) -> None:
    ran("load_questions", written(tmp_path / "a.json", question()))
    told = ran(
        "load_questions", written(tmp_path / "a.json", question(explanation="Better.", difficulty="hard"))
    )
    assert told == "Loaded Pub: 1 changed.\n"
    assert Question.objects.get().explanation == "Better."


def test_a_pack_can_be_kept_under_another_name(tmp_path: Path) -> None:
    ran("load_questions", written(tmp_path / "a.json", question()), "--pack", "Friday")
    assert Question.objects.get().pack == "Friday"
    with pytest.raises(CommandError, match="60 characters"):
        ran("load_questions", tmp_path / "a.json", "--pack", "x" * 61)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match=r"nowhere\.json: it cannot be read: No such file"):
        ran("load_questions", "/tmp/nowhere.json")


def test_an_image_that_is_not_here_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path / "a.json", question(image="trivia/flags/none.svg"))
    with pytest.raises(CommandError, match=r"no static file 'trivia/flags/none\.svg'"):
        ran("load_questions", file)


def test_the_template_is_printed_and_can_be_loaded(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(ran("load_questions", "--template"))
    assert ran("load_questions", tmp_path / "t.csv") == "Loaded t: 6 new.\n"


def test_what_is_exported_is_known_when_it_comes_back(tmp_path: Path) -> None:
    store(questions=[question(kind, licence="MIT", credit="Me") for kind in ONE_OF_EACH], pack="Pub")
    told = ran("export_questions", "--output", tmp_path / "out.json")
    assert told == f"Pub: 6 questions in {tmp_path / 'out.json'}.\n"
    before = [row.as_content() for row in Question.objects.order_by("id")]
    assert ran("load_questions", tmp_path / "out.json") == "Loaded Pub: 6 known already.\n"
    Question.objects.all().delete()
    ran("load_questions", tmp_path / "out.json")
    assert [row.as_content() for row in Question.objects.order_by("id")] == before


def test_an_export_can_be_of_a_pack_or_a_category() -> None:
    store(questions=[question(), question(text="Two?", category="Food")], pack="One")
    store(questions=[question(text="Three?")], pack="Other")
    Question.objects.filter(text="Three?").update(active=False)
    for arguments, count in (((), 2), (("--pack", "Other"), 0), (("--category", "Food"), 1), (("--all",), 3)):
        assert len(json.loads(ran("export_questions", *arguments))["questions"]) == count


def test_the_house_bank_follows_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [question(), question(text="Two?")]
    monkeypatch.setattr(house, "read_bank", lambda: files)
    assert load_house_bank().stored == Stored(new=2)
    assert load_house_bank().stored == Stored(known=2)
    files.pop()
    assert load_house_bank().stored == Stored(known=1, retired=1)
    assert not Question.objects.get(text="Two?").active


def test_what_an_operator_put_away_stays_away_when_the_house_bank_is_loaded_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(house, "read_bank", lambda: [question(), question(text="Two?")])
    load_house_bank()
    Question.objects.filter(text="Two?").update(active=False)
    assert load_house_bank().stored == Stored(known=2)
    assert not Question.objects.get(text="Two?").active


def test_the_real_house_bank_is_loaded_without_a_file() -> None:
    count = len(house.read_bank())
    assert ran("load_questions") == f"Loaded House bank: {count} new.\n"
    assert ran("load_questions") == f"Loaded House bank: {count} known already.\n"


def test_a_large_file_needs_few_queries(django_assert_max_num_queries: object) -> None:
    many = [question("boolean", text=f"Is {number} even?", answer=number % 2 == 0) for number in range(2000)]
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        store(questions=many, pack="Many")
    assert Question.objects.count() == 2000


def test_an_image_has_an_address_even_where_nobody_collected_the_static_files() -> None:
    call_command("generate_questions", "--generator=flags", "--count=1", stdout=StringIO())
    row = Question.objects.get()
    assert row.image_url == f"/static/{row.image}"
    assert Question(image="").image_url == ""
