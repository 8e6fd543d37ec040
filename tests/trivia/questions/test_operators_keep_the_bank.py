"""The console's editor, its preview, and files in and out."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from rooms.trivia.importers import table
from rooms.trivia.models import Question
from tests.trivia.questions.examples import ONE_OF_EACH, question, stored

pytestmark = pytest.mark.django_db
LIST = "/kitchen/trivia/question/"
FORM = {
    "type": "choice",
    "category": "Space",
    "difficulty": "easy",
    "text": "Which planet is the largest?",
    "right": "Jupiter",
    "wrong": "Venus\nMars\n",
    "language": "en",
    "pack": "Written here",
    "active": "on",
}


@pytest.fixture(autouse=True)
def _plain_static_files(plain_static: None) -> None:
    """Hashed names need `collectstatic`, which pages under test do not."""


def operator(*permissions: str) -> Client:
    """A browser of somebody on the staff who may do this."""
    user = User.objects.create_superuser(name="Olive", email="olive@example.org", password="a-long-secret-1")
    if permissions:
        user.is_superuser = False
        user.save()
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def upload(client: Client, content: str, *, name: str = "new.csv", **fields: str) -> Any:
    file = SimpleUploadedFile(name, content.encode())
    return client.post(f"{LIST}import/", {"file": file, "format": "", "name": "", **fields}, follow=True)


def test_a_question_is_written_and_checked_as_a_file_is() -> None:
    client = operator()
    assert client.get(f"{LIST}add/").status_code == 200
    client.post(f"{LIST}add/", FORM)
    (row,) = Question.objects.all()
    assert row.content == {"choices": ["Jupiter", "Venus", "Mars"], "answer": 0}
    assert (row.fact, row.pack) == ("jupiter", "Written here")


@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_each_type_can_be_opened_and_saved_without_a_change(kind: str) -> None:
    client = operator()
    (row,) = stored(1, type=kind)
    before = row.as_content()
    page = client.get(f"{LIST}{row.pk}/change/")
    fields = {
        name: value for name, value in page.context["adminform"].form.initial.items() if value is not None
    }
    client.post(f"{LIST}{row.pk}/change/", fields | {"active": "on"})
    again = Question.objects.get().as_content()
    if kind in ("choice", "several"):
        assert {again.choices[0]} <= set(before.choices)
    else:
        assert again == before


def test_a_fault_is_said_beside_its_field() -> None:
    page = operator().post(f"{LIST}add/", FORM | {"wrong": "Venus\nVenus", "link": "opentdb.com"})
    errors = page.context["adminform"].form.errors
    assert errors["right"] == ["'Venus' is there twice"]
    assert errors["link"] == ["should begin with https://"]
    assert not Question.objects.exists()


def test_a_duplicate_is_refused_with_where_the_other_is() -> None:
    client = operator()
    client.post(f"{LIST}add/", FORM)
    page = client.post(f"{LIST}add/", FORM | {"text": "WHICH planet is the largest"})
    assert "is there already, in Written here" in page.context["adminform"].form.errors["text"][0]


def test_the_preview_shows_the_question_and_saves_nothing() -> None:
    client = operator()
    page = client.post(
        f"{LIST}preview/", FORM | {"explanation": "By far.", "text": "<b>Which?</b>"}
    ).content.decode()
    assert "&lt;b&gt;Which?&lt;/b&gt;" in page
    assert page.count('look__pad"') == 3
    assert page.count("data-right") == 1
    assert "By far." in page
    assert not Question.objects.exists()


def test_the_preview_says_what_is_wrong() -> None:
    page = operator().post(f"{LIST}preview/", FORM | {"type": "number", "right": "many"}).content.decode()
    assert "Right: should be a number such as 8848.86" in page


def test_a_file_is_looked_at_before_it_is_imported() -> None:
    client = operator()
    page = upload(client, table.template(), look="1")
    assert "new: 6 new." in page.content.decode()
    assert not Question.objects.exists()
    upload(client, table.template(), name="Pub quiz.csv")
    assert set(Question.objects.values_list("pack", flat=True)) == {"Pub quiz"}


def test_a_broken_file_names_its_lines_and_imports_nothing() -> None:
    page = upload(operator(), table.template().replace("true", "maybe"))
    assert "line 3: right: should be true or false" in page.content.decode()
    assert not Question.objects.exists()


def test_chosen_questions_are_exported_with_their_licence() -> None:
    client = operator()
    chosen, _ = stored(2, licence="CC BY-SA 4.0", credit="Somebody")
    answer = client.post(LIST, {"action": "export_these", "_selected_action": [chosen.pk]})
    file = json.loads(answer.content)
    assert [one["text"] for one in file["questions"]] == [chosen.text]
    assert (file["licence"], file["credit"]) == ("CC BY-SA 4.0", "Somebody")


def test_questions_are_put_away_and_brought_back() -> None:
    client = operator()
    (row,) = stored(1)
    for action, active in (("put_away", False), ("bring_back", True)):
        client.post(LIST, {"action": action, "_selected_action": [row.pk]})
        assert Question.objects.get().active is active


def test_who_may_only_look_may_not_import() -> None:
    client = operator("view_question")
    stored(1)
    assert client.get(LIST).status_code == 200
    assert upload(client, table.template()).status_code == 403
    client.post(LIST, {"action": "put_away", "_selected_action": [Question.objects.get().pk]})
    assert Question.objects.get().active


def test_the_list_filters_and_counts(django_assert_max_num_queries: Any) -> None:
    client = operator()
    stored(5)
    stored(30, category="Food", difficulty="hard")
    with django_assert_max_num_queries(25):
        page = client.get(LIST, {"difficulty__exact": "hard", "active__exact": "1"})
    assert page.context["cl"].result_count == 30
    assert client.get(LIST, {"flagged": "yes"}).context["cl"].result_count == 0


def test_a_template_to_begin_with_can_be_fetched() -> None:
    page = operator().get(f"{LIST}import/", {"template": ""})
    assert page.content.decode() == table.template()


def test_an_editor_keeps_a_fact_that_was_given() -> None:
    client = operator()
    stored(1)
    row = Question.objects.get()
    client.post(f"{LIST}{row.pk}/change/", FORM | {"about": "Space 0"})
    assert Question.objects.get().fact == "Space 0"
    assert question().fact == ""
