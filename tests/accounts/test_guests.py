"""Guests: playing needs no sign-up, and a guest is a player like everybody."""

import re

import pytest
from django.test import Client, RequestFactory

from accounts import services
from accounts.errors import BadAvatar, BadName, TooMany
from accounts.models import COLOURS, MARKS, User
from accounts.names import clean_name
from accounts.sessions import player_for

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_guest_has_a_friendly_name_a_handle_and_an_avatar(gus: User) -> None:
    assert gus.is_guest
    assert clean_name(gus.name) == gus.name
    assert re.fullmatch(r"[a-z]+-[a-z]+-\d{4}", gus.handle)
    assert gus.handle.startswith(gus.name.lower().replace(" ", "-"))
    assert 0 <= gus.colour < COLOURS
    assert 0 <= gus.mark < MARKS
    assert gus.email is None
    assert not gus.has_usable_password()


def test_a_taken_handle_makes_way_for_a_longer_one(gus: User, monkeypatch: pytest.MonkeyPatch) -> None:
    name, number = gus.name, gus.handle.rsplit("-", 1)[1]

    class Repeating:
        def choice(self, words: list[str]) -> str:
            return next(word for word in words if word in name.split())

        def randrange(self, low: int, high: int = 0) -> int:
            return int(number) if high == 10_000 else low if high else 0

    monkeypatch.setattr(services, "_random", Repeating())
    other = services.create_guest()
    assert other.name == name
    assert other.handle != gus.handle


def test_a_crowd_from_one_address_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "GUESTS_PER_MINUTE", 3)
    for _ in range(3):
        services.create_guest(request_ip="203.0.113.7")
    with pytest.raises(TooMany):
        services.create_guest(request_ip="203.0.113.7")
    assert services.create_guest(request_ip="203.0.113.8").pk
    assert User.objects.count() == 4


def test_a_session_keeps_its_guest(rf: RequestFactory, gus_browser: Client, gus: User) -> None:
    request = rf.post("/play/")
    request.user = gus
    assert player_for(request) == gus
    assert User.objects.count() == 1


def test_a_session_lasts_a_year(gus_browser: Client) -> None:
    assert gus_browser.session.get_expiry_age() == 365 * 86_400


def test_a_guest_takes_another_name(gus_browser: Client, gus: User) -> None:
    response = gus_browser.post("/me/", {"action": "name", "name": "  Captain   Crust "}, follow=True)
    gus.refresh_from_db()
    assert gus.name == "Captain Crust"
    assert "Nice to meet you, Captain Crust." in response.content.decode()


@pytest.mark.parametrize("name", ["", "🍕" * 500, "abc\u202egnp", "x" * 5000])
def test_a_bad_name_is_answered_beside_its_field_and_changes_nothing(
    gus_browser: Client, gus: User, name: str
) -> None:
    response = gus_browser.post("/me/", {"action": "name", "name": name})
    page = response.content.decode()
    assert response.status_code == 400
    assert 'aria-invalid="true"' in page
    assert re.search(r'aria-describedby="[^"]*id_name_error', page)
    assert 'id="id_name_error"' in page
    assert User.objects.get(pk=gus.pk).name == gus.name


def test_the_service_refuses_what_the_form_would(gus: User) -> None:
    with pytest.raises(BadName):
        services.rename(user=gus, name="\u202e")
    with pytest.raises(BadAvatar):
        services.set_avatar(user=gus, colour=COLOURS, mark=0)
    with pytest.raises(BadAvatar):
        services.set_avatar(user=gus, colour=0, mark=-1)


def test_a_guest_paints_the_ship(gus_browser: Client, gus: User) -> None:
    gus_browser.post("/me/", {"action": "avatar", "colour": "11", "mark": "3"})
    gus.refresh_from_db()
    assert (gus.colour, gus.mark) == (11, 3)


def test_a_colour_that_is_not_in_the_box_changes_nothing(gus_browser: Client, gus: User) -> None:
    response = gus_browser.post("/me/", {"action": "avatar", "colour": "12", "mark": "3"}, follow=True)
    assert "Pick one of the colours" in response.content.decode()
    assert User.objects.get(pk=gus.pk).colour == gus.colour


def test_without_a_session_the_page_offers_to_play(mallory: Client) -> None:
    page = mallory.get("/me/").content.decode()
    assert "No ship yet" in page
    assert 'action="/play/"' in page
