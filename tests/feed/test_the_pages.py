"""The feed's pages: names as they are now, nobody who is banned, nothing private, a page at a time."""

import re
from uuid import uuid4

import pytest
from django.template.loader import get_template
from django.test import Client

from accounts import services
from accounts.models import User
from events.contracts import UserCreated
from events.feed import selectors
from events.feed.kinds import KINDS, Kind
from events.feed.models import Entry
from rooms.services import create_room
from tests.feed.conftest import happen, room_event, settle, text_of
from tests.support.people import make_player

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def lines_of(page: str) -> list[str]:
    return re.findall(r'data-seq="(\d+)"', page)


def test_an_empty_feed_says_what_would_fill_it(stranger: Client) -> None:
    assert "All quiet. Open a room" in text_of(stranger, "/feed/")


def test_everybody_sees_the_public_feed(stranger: Client, alice: User, bob: User) -> None:
    happen("USER_CREATED", UserCreated(guest=False), actor=alice)
    room_event("ROOM_COMPLETED", kind="trivia", title="Pub night", winner=bob.pk, points=1)
    settle()
    text = text_of(stranger, "/feed/")
    assert "Alice signed up and is a regular now." in text
    assert "Bob won the quiz Pub night with 1 point." in text
    assert "pizza.example" not in stranger.get("/feed/").content.decode()
    assert "Bob won the quiz Pub night" in text_of(stranger, "/")


def test_points_are_read_in_thousands(stranger: Client, bob: User) -> None:
    room_event("ROOM_COMPLETED", kind="trivia", title="Quiz of 2026", winner=bob.pk, points=12_345)
    room_event("ROOM_COMPLETED", winner=bob.pk, points=1_234)
    settle()
    text = text_of(stranger, "/feed/")
    assert "Bob won the quiz Quiz of 2026 with 12,345 points." in text
    assert "Bob won Friday oven with 1,234 points." in text


def test_names_are_those_of_now(stranger: Client, alice: User) -> None:
    happen("USER_CREATED", UserCreated(guest=False), actor=alice)
    settle()
    services.rename(user=alice, name="Alice the Second")
    assert "Alice the Second signed up" in text_of(stranger, "/feed/")


def test_a_name_and_a_title_are_only_text(stranger: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(name="<b>Al</b>")
    room_event("ROOM_CREATED", actor=alice, title="<script>x</script>")
    settle()
    page = stranger.get("/feed/").content.decode()
    assert "&lt;b&gt;Al&lt;/b&gt;" in page
    assert "&lt;script&gt;x" in page


def test_nobody_who_was_banned_is_shown_and_pages_stay_full(stranger: Client, bob: User) -> None:
    troll = make_player("Troll", is_guest=False)
    for _ in range(30):
        room_event("ROOM_CREATED", actor=troll)
    for _ in range(selectors.PAGE + 1):
        room_event("ROOM_CREATED", actor=bob)
        room_event("ROOM_COMPLETED", winner=troll.pk, points=9)
    settle()
    services.ban(user=troll, reason="trolling")
    page = stranger.get("/feed/").content.decode()
    assert "Troll" not in page
    assert len(lines_of(page)) == selectors.PAGE
    assert stranger.get("/feed/players/troll/").status_code == 404
    services.unban(user=troll)
    assert "Troll" in stranger.get("/feed/").content.decode()


def test_a_player_who_is_gone_takes_their_lines_along(stranger: Client, gus: User) -> None:
    room_event("ROOM_CREATED", actor=gus)
    settle()
    gus.delete()
    assert lines_of(stranger.get("/feed/").content.decode()) == []


def test_older_lines_are_on_further_pages_each_once(stranger: Client, alice: User) -> None:
    for _ in range(2 * selectors.PAGE + 3):
        room_event("ROOM_CREATED", actor=alice)
    settle()
    seen: list[str] = []
    path = "/feed/"
    for _ in range(5):
        page = stranger.get(path).content.decode()
        seen += lines_of(page)
        older = re.search(r'href="(\?before=\d+)"', page)
        assert ("data-live" in page) == (path == "/feed/")
        if older is None:
            break
        path = "/feed/" + older.group(1)
    assert len(seen) == len(set(seen)) == 2 * selectors.PAGE + 3
    assert seen == sorted(seen, key=int, reverse=True)


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 40, "%00", "1.5"])
def test_nonsense_for_a_place_is_the_first_page(stranger: Client, alice: User, before: str) -> None:
    happen("USER_CREATED", UserCreated(guest=False), actor=alice)
    settle()
    assert "Alice" in text_of(stranger, f"/feed/?before={before}")


def test_a_player_alone_sees_what_is_for_their_eyes(alice: User, bob: User, stranger: Client) -> None:
    happen("USER_CREATED", UserCreated(guest=False, invited_by=alice.pk), actor=bob)
    room_event("ROOM_CREATED", actor=alice, title="Secret supper", visibility="private")
    settle()
    hers, his = Client(), Client()
    hers.force_login(alice)
    his.force_login(bob)
    for path in ("/me/", "/feed/me/"):
        text = text_of(hers, path)
        assert "Bob signed up by your invitation" in text
        assert "Secret supper" in text
    for client in (his, stranger):
        for path in ("/", "/feed/", "/feed/players/alice/", "/p/alice/"):
            text = text_of(client, path)
            assert "Secret supper" not in text
            assert "by your invitation" not in text
    assert "Secret supper" not in text_of(his, "/feed/me/")
    assert stranger.get("/feed/me/")["Location"] == "/me/"


def test_a_room_that_is_open_can_be_entered_from_the_feed(stranger: Client, alice: User) -> None:
    opened = create_room(kind="arena", settings={}, host=alice, title="Come in")
    settle()
    assert f'href="/r/{opened.code}/"' in stranger.get("/feed/").content.decode()


def test_a_room_that_is_over_leads_to_its_story(stranger: Client, alice: User) -> None:
    room = room_event("ROOM_CREATED", actor=alice, title="Long gone")
    settle()
    assert f'href="/feed/rooms/{room}/"' in stranger.get("/feed/").content.decode()
    assert "Alice opened Long gone" in text_of(stranger, f"/feed/rooms/{room}/")
    assert "Nobody wrote anything down" in text_of(stranger, f"/feed/rooms/{uuid4()}/")


def test_a_page_costs_few_queries_whatever_its_length(
    stranger: Client, alice: User, django_assert_max_num_queries: object
) -> None:
    for number in range(selectors.PAGE):
        room_event("ROOM_CREATED", actor=make_player(f"P{number}", is_guest=False))
    settle()
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        stranger.get("/feed/")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_kind_of_entry_has_its_template_and_a_name_that_the_column_holds(kind: Kind) -> None:
    """One that was forgotten would break every page on which such an entry comes."""
    assert get_template(f"feed/entries/{kind.name}.html")
    assert len(kind.name) <= Entry._meta.get_field("kind").max_length
