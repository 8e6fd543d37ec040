"""The console shows which event is shown to whom, and who came by whose invitation; it changes neither."""

import pytest
from django.test import Client

from accounts import invitations, services
from accounts.models import User
from tests.feed.conftest import room_event, settle, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def console() -> Client:
    boss = User.objects.create_superuser("boss@pizza.example", handle="boss", name="Boss")
    client = Client()
    client.force_login(boss)
    return client


def test_entries_can_be_looked_at_and_searched_by_audience(console: Client, alice: User) -> None:
    room_event("ROOM_CREATED", actor=alice)
    settle()
    assert f"player/{alice.pk}" in text_of(console, "/kitchen/feed/entry/")
    assert "1 entry" in text_of(console, "/kitchen/feed/entry/?q=public")
    assert console.get("/kitchen/feed/entry/add/").status_code == 403


def test_arrivals_can_be_looked_at(console: Client, alice: User) -> None:
    guest = services.create_guest(invitation=invitations.link_of(alice).code)
    text = text_of(console, "/kitchen/accounts/arrival/?q=alice")
    assert guest.name in text
    assert console.get("/kitchen/accounts/arrival/add/").status_code == 403
