"""Entries are made of events: for everybody, for a player's page, for a player's own eyes, for a room."""

from uuid import uuid4

import pytest

from accounts.models import User
from events.contracts import UserCreated
from events.feed.audiences import eyes, page, room
from tests.feed.conftest import entries, happen, kinds, room_event, settle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_member_is_announced(alice: User) -> None:
    happen("USER_CREATED", UserCreated(guest=False), actor=alice)
    settle()
    assert kinds("public") == kinds(page(alice.pk)) == ["joined"]


def test_a_guest_is_not(gus: User) -> None:
    happen("USER_CREATED", UserCreated(guest=True), actor=gus)
    settle()
    assert entries() == set()


def test_an_invitation_is_between_the_two(alice: User, bob: User) -> None:
    happen("USER_CREATED", UserCreated(guest=False, invited_by=alice.pk), actor=bob)
    settle()
    assert kinds(eyes(alice.pk)) == ["invited"]
    assert kinds(page(alice.pk)) == []
    assert kinds("public") == kinds(page(bob.pk)) == ["joined"]


def test_a_public_room_is_told_of_from_first_to_last(alice: User, bob: User) -> None:
    where = uuid4()
    for type, details in (
        ("ROOM_CREATED", {}),
        ("ROOM_STARTED", {}),
        ("ROOM_COMPLETED", {"winner": bob.pk, "points": 12}),
    ):
        room_event(type, actor=alice, room=where, **details)
    settle()
    assert kinds("public") == kinds(room(where)) == ["opened", "started", "won"]
    assert kinds(page(alice.pk)) == ["opened", "started"]
    assert kinds(page(bob.pk)) == ["won"]


def test_a_quiz_is_won_by_a_player_or_by_a_team(alice: User, bob: User) -> None:
    room_event("ROOM_COMPLETED", kind="trivia", winner=bob.pk, points=900)
    room_event("ROOM_COMPLETED", kind="trivia", team="Basil", points=800)
    settle()
    assert kinds("public") == ["won_quiz", "won_by_team"]
    assert kinds(page(bob.pk)) == ["won_quiz"]


@pytest.mark.parametrize("visibility", ["private", "", "PUBLIC", "anything"])
def test_what_happens_behind_a_closed_door_is_for_the_room_and_oneself(
    alice: User, bob: User, visibility: str
) -> None:
    where = uuid4()
    room_event("ROOM_CREATED", actor=alice, room=where, visibility=visibility)
    room_event("ROOM_STARTED", actor=alice, room=where, visibility=visibility)
    room_event("ROOM_COMPLETED", actor=alice, room=where, visibility=visibility, winner=bob.pk, points=3)
    settle()
    assert kinds("public") == kinds(page(alice.pk)) == kinds(page(bob.pk)) == []
    assert kinds(eyes(alice.pk)) == ["opened", "started"]
    assert kinds(eyes(bob.pk)) == ["won"]
    assert kinds(room(where)) == ["opened", "started", "won"]


def test_a_room_of_the_house_and_a_round_without_a_winner_are_no_news(alice: User) -> None:
    room_event("ROOM_CREATED")
    room_event("ROOM_STARTED")
    room_event("ROOM_COMPLETED", actor=alice)
    room_event("ROOM_EXPIRED", actor=alice)
    settle()
    assert entries() == set()
