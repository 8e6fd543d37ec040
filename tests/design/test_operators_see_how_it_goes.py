"""The first page of the kitchen counts what is live and what is owed, and says which part is amiss."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from events.models import Outbox
from rooms.services import exhibition_room

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser(email="chef@example.com", handle="chef", name="Chef"))
    return client


def figure(page: str, label: str) -> int:
    found = re.search(rf"{label}</p>\s*<p[^>]*>(\d+)</p>", page)
    assert found, page
    return int(found[1])


def index(operator: Client) -> str:
    answer = operator.get("/kitchen/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_open_room_is_counted(operator: Client) -> None:
    assert figure(index(operator), "Rooms open") == 0
    exhibition_room()
    assert figure(index(operator), "Rooms open") == 1


def test_what_is_given_up_is_counted_apart_from_what_waits(operator: Client) -> None:
    before = figure(index(operator), "In the outbox")
    now = timezone.now()
    row = {"task": "none", "queue": "scoring", "payload": "", "created_at": now, "due_at": now}
    Outbox.objects.create(**row)
    Outbox.objects.create(**row, failed_at=now, error="burnt")
    page = index(operator)
    assert figure(page, "In the outbox") == before + 1
    assert figure(page, "Dead letters") == 1


def test_a_missing_worker_is_named(operator: Client) -> None:
    assert "no worker was seen" in index(operator)


def test_a_player_who_is_no_operator_is_sent_away(client: Client) -> None:
    client.force_login(User.objects.create_user(handle="gus", name="Gus"))
    assert client.get("/kitchen/").status_code == 302


@pytest.mark.parametrize(
    "page", ["rooms/room", "rooms/seat", "accounts/user", "events/event", "events/outbox", "events/delivery"]
)
def test_the_sidebar_leads_to(page: str, operator: Client) -> None:
    assert f'href="/kitchen/{page}/"' in index(operator)
    assert operator.get(f"/kitchen/{page}/").status_code == 200
