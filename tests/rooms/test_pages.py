"""Pages of rooms: one press from the address to a seat, and a friendly line for whatever does not work."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from accounts.sessions import BACKEND
from rooms import services
from rooms.models import Room, Seat, Status, Visibility

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _pages(plain_static: None, settings: Any) -> None:
    """Static files without their hashes (nothing is collected here), and the echo game's template."""
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], Path(__file__).parent / "templates"]}]


@pytest.fixture
def visitor() -> Client:
    """Somebody without a session."""
    return Client()


@pytest.fixture
def bobs(bob: User) -> Client:
    client = Client()
    client.force_login(bob, backend=BACKEND)
    return client


def test_home_shows_a_live_room_made_on_demand(visitor: Client) -> None:
    page = visitor.get("/")
    assert page.status_code == 200
    assert page.context["demo_code"] == Room.objects.get().code


def test_play_makes_a_guest_and_seats_them(visitor: Client) -> None:
    page = visitor.post("/play/")
    seat = Seat.objects.get()
    assert page["Location"] == f"/r/{seat.room.code}/"
    assert seat.user.is_guest
    assert visitor.session["_auth_user_id"] == str(seat.user_id)


def test_play_is_no_link(visitor: Client) -> None:
    assert visitor.get("/play/").status_code == 405


def test_the_lobby_lists_public_rooms(visitor: Client, room: Room) -> None:
    page = visitor.get("/rooms/")
    assert [row["code"] for row in page.context["rooms"]] == [room.code]
    assert room.code in page.content.decode()


def test_a_room_is_opened_with_the_settings_of_its_game(bobs: Client, bob: User) -> None:
    choices = {"title": "Friday", "visibility": "private", "size": "5", "skill": "hard", "bots": "2"}
    page = bobs.post("/rooms/new/", choices)
    room = Room.objects.get()
    assert page["Location"] == f"/r/{room.code}/"
    assert (room.title, room.visibility, room.host, room.capacity) == ("Friday", Visibility.PRIVATE, bob, 5)
    assert room.settings == {"size": 5, "round_seconds": 0, "bots": 2, "skill": "hard"}


def test_wrong_settings_are_shown_beside_their_fields(bobs: Client) -> None:
    page = bobs.post("/rooms/new/", {"visibility": "public", "size": "1", "skill": "godlike"})
    assert page.status_code == 400
    assert set(page.context["form"].errors) == {"size", "skill"}
    assert not Room.objects.exists()


def test_opening_rooms_again_and_again_is_slowed(bobs: Client) -> None:
    statuses = [bobs.post("/rooms/new/", {"visibility": "public"}).status_code for _ in range(25)]
    assert statuses[:20] == [302] * 20
    assert 429 in statuses[20:]


def test_a_member_or_guest_plays(bobs: Client, room: Room) -> None:
    config = bobs.get(f"/r/{room.code}/").context["config"]
    assert (config["signedIn"], config["watch"], config["handle"]) == (True, False, "bob")
    assert config["socket"] == f"/ws/rooms/{room.code}/"


def test_a_visitor_watches_and_may_join_as_a_guest(visitor: Client, room: Room) -> None:
    config = visitor.get(f"/r/{room.code}/").context["config"]
    assert (config["signedIn"], config["watch"]) == (False, True)
    assert visitor.post(config["urls"]["join"])["Location"] == f"/r/{room.code}/"
    assert Seat.objects.get(room=room).user.is_guest


def test_a_page_says_nothing_private(bobs: Client, room: Room, bob: User) -> None:
    config = str(bobs.get(f"/r/{room.code}/").context["config"])
    assert "pizza.example" not in config
    assert str(room.id) not in config


def test_a_careless_code_in_the_address_is_put_right(visitor: Client, room: Room) -> None:
    assert visitor.get(f"/r/{room.code.lower()}/")["Location"] == f"/r/{room.code}/"


def test_a_full_room_offers_to_watch(bobs: Client, room: Room, alice: User, charlie: User) -> None:
    Room.objects.filter(pk=room.pk).update(capacity=2)
    for user in (alice, charlie):
        services.take_seat(room_id=room.id, user=user)
    page = bobs.post(f"/r/{room.code}/join/")
    assert page["Location"] == f"/r/{room.code}/?watch=1"
    assert [str(m) for m in get_messages(page.wsgi_request)] == ["That room is full. Watch, or try another?"]


def test_a_kicked_player_is_shown_other_rooms(bobs: Client, room: Room, bob: User, alice: User) -> None:
    services.take_seat(room_id=room.id, user=bob)
    services.kick(room_id=room.id, slot=0, by=alice.pk)
    assert bobs.post(f"/r/{room.code}/join/")["Location"] == "/rooms/"


def test_a_code_that_was_read_out_leads_to_its_room(visitor: Client, room: Room) -> None:
    typed = f" {room.code[:3].lower()} {room.code[3:]}"
    assert visitor.post("/join/", {"code": typed})["Location"] == f"/r/{room.code}/"
    assert visitor.get("/join/", {"code": room.code})["Location"] == f"/r/{room.code}/"


def test_an_unknown_code_is_answered_kindly(visitor: Client) -> None:
    page = visitor.post("/join/", {"code": "nope"})
    assert page.status_code == 404
    assert "No room has that code" in page.context["join_error"]
    assert visitor.get("/r/BBBBBB/").status_code == 404


def test_a_room_that_expired_is_gone_and_one_that_ended_shows_its_podium(visitor: Client, room: Room) -> None:
    Room.objects.filter(pk=room.pk).update(status=Status.EXPIRED)
    assert visitor.get(f"/r/{room.code}/").status_code == 404
    Room.objects.filter(pk=room.pk).update(status=Status.LOBBY)
    services.end(room_id=room.id, by=None)
    assert visitor.get(f"/r/{room.code}/").status_code == 200


def test_the_qr_code_is_a_drawing(visitor: Client, room: Room) -> None:
    picture = visitor.get(f"/r/{room.code}/qr.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture.content.startswith(b"<svg")


class TestOperators:
    """The admin ends rooms and sends people away, and asks first."""

    @pytest.fixture
    def operator(self, db: None) -> Client:
        boss = User.objects.create_superuser("boss@pizza.example", "secret", handle="boss", name="Boss")
        client = Client()
        client.force_login(boss, backend=BACKEND)
        return client

    def test_a_room_shows_its_live_seats(self, operator: Client, room: Room, bob: User) -> None:
        services.take_seat(room_id=room.id, user=bob)
        page = operator.get(f"/kitchen/rooms/room/{room.pk}/change/")
        assert page.status_code == 200
        assert "Bob" in page.content.decode()

    def test_ending_a_room_asks_first(self, operator: Client, room: Room) -> None:
        chosen = {"action": "end_rooms", "_selected_action": [str(room.pk)]}
        asked = operator.post("/kitchen/rooms/room/", chosen)
        room.refresh_from_db()
        assert room.status == Status.LOBBY
        assert "End these rooms now?" in asked.content.decode()
        operator.post("/kitchen/rooms/room/", {**chosen, "confirmed": "1"})
        room.refresh_from_db()
        assert room.status == Status.COMPLETED

    def test_kicking_asks_first(self, operator: Client, room: Room, bob: User) -> None:
        seat = services.take_seat(room_id=room.id, user=bob)
        chosen = {"action": "kick_seats", "_selected_action": [str(seat.pk)]}
        operator.post("/kitchen/rooms/seat/", chosen)
        assert Seat.objects.get().kicked_at is None
        operator.post("/kitchen/rooms/seat/", {**chosen, "confirmed": "1"})
        assert Seat.objects.get().kicked_at is not None
