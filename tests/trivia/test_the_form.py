"""The form that opens a quiz."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from rooms.forms import RoomForm
from rooms.games import get_game
from rooms.models import Room, Status
from rooms.trivia.models import Question

pytestmark = pytest.mark.django_db


def test_categories_are_those_of_the_bank(questions: list[Question]) -> None:
    form = RoomForm(None, game=get_game("trivia"))
    assert form.fields["categories"].choices == [("Space", "Space (17)")]
    assert [value for value, _ in form.fields["types"].choices] == [
        "choice",
        "boolean",
        "several",
        "number",
        "order",
        "text",
    ]


def test_a_quiz_is_opened_as_chosen(client: Client, alice: User, questions: list[Question]) -> None:
    client.force_login(alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    chosen = {
        "kind": "trivia",
        "visibility": "public",
        "title": "Friday",
        "questions": 5,
        "types": ["choice", "text"],
    }
    answer = client.post(
        reverse("room_create"), {**chosen, "categories": ["Space"], "difficulty": "any", "streaks": "on"}
    )
    assert answer.status_code == 302, answer.content
    room = Room.objects.get()
    assert room.status == Status.PREPARING
    assert (room.settings["types"], room.settings["categories"]) == (["choice", "text"], ["Space"])
    assert (room.settings["questions"], room.settings["rest"], room.settings["streaks"]) == (5, False, True)


def test_a_category_that_is_not_there_is_refused_beside_its_field(questions: list[Question]) -> None:
    form = RoomForm({"categories": ["Cheese"], "visibility": "public"}, game=get_game("trivia"))
    assert not form.is_valid()
    assert "categories" in form.errors
