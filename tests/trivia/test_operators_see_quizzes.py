"""The console shows where each game is, and what was flagged; not what is still secret."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.sessions import BACKEND
from rooms import services
from rooms.clock import now_ms
from rooms.trivia import services as trivia
from rooms.trivia.models import RoomQuestion
from tests.trivia.conftest import Open
from tests.trivia.making import open_first

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    user = User.objects.create_superuser("olga@pizza.example", "pw", handle="olga", name="Olga")
    client.force_login(user, backend=BACKEND)
    return client


def test_a_game_shows_its_phase_and_no_answer(operator: Client, open_room: Open, bob: User) -> None:
    room = open_room()
    services.take_seat(room_id=room.id, user=bob)
    open_first(room)
    page = operator.get(reverse("admin:trivia_triviagame_changelist")).content.decode()
    assert room.code in page
    assert "1 of 3" in page
    page = operator.get(reverse("admin:trivia_triviagame_change", args=[room.pk])).content.decode()
    asked = RoomQuestion.objects.get(game_id=room.pk, number=1)
    coming = RoomQuestion.objects.get(game_id=room.pk, number=2)
    assert asked.public["text"] in page
    assert coming.public["text"] not in page
    assert asked.secret["explanation"] not in page


def test_flags_say_what_and_why(operator: Client, open_room: Open, bob: User) -> None:
    room = open_room()
    services.take_seat(room_id=room.id, user=bob)
    open_first(room)
    trivia.flag(room_id=room.id, user_id=bob.pk, number=1, reason="It is B.", now=now_ms() + 60_000)
    page = operator.get(reverse("admin:trivia_flag_changelist")).content.decode()
    assert "It is B." in page
    assert RoomQuestion.objects.get(game_id=room.pk, number=1).public["text"] in page
