"""A guest signs up and stays the same player."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts import services, signup
from accounts.errors import EmailTaken
from accounts.models import User
from tests.accounts.conftest import code_in, owed

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SIGNUP = "/accounts/signup/"
CONFIRM = "/accounts/confirm-email/"
Deliver = Callable[[], list]


def begin(browser: Client, email: str, password: str, **more: str) -> None:
    response = browser.post(SIGNUP, {"email": email, "password1": password, **more})
    assert response.status_code == 302
    assert response["Location"] == CONFIRM


def test_a_guest_becomes_a_member_in_the_same_row_and_session(
    gus_browser: Client, gus: User, deliver: Deliver, password: str
) -> None:
    begin(gus_browser, "Gus@Example.com", password)
    assert User.objects.get(pk=gus.pk).is_guest, "nothing is proven yet"
    (mail,) = deliver()
    response = gus_browser.post(CONFIRM, {"code": code_in(mail)}, follow=True)
    assert "yours to keep" in response.content.decode()
    member = User.objects.get()
    assert (member.pk, member.handle, member.name) == (gus.pk, gus.handle, gus.name)
    assert member.email == "gus@example.com"
    assert not member.is_guest
    assert gus_browser.session["_auth_user_id"] == str(gus.pk)
    assert EmailAddress.objects.get(user=member).verified
    assert Client().login(email="gus@example.com", password=password)


def test_a_stranger_signs_up_and_is_logged_in(mallory: Client, deliver: Deliver, password: str) -> None:
    begin(mallory, "new@example.com", password)
    (mail,) = deliver()
    mallory.post(CONFIRM, {"code": code_in(mail)})
    member = User.objects.get(email="new@example.com")
    assert mallory.session["_auth_user_id"] == str(member.pk)


def test_the_welcome_goes_out_once_however_often_the_code_is_sent(
    gus_browser: Client, gus: User, deliver: Deliver, password: str
) -> None:
    begin(gus_browser, "gus@example.com", password)
    (mail,) = deliver()
    gus_browser.post(CONFIRM, {"code": code_in(mail)})
    gus_browser.post(CONFIRM, {"code": code_in(mail)})
    member = User.objects.get(pk=gus.pk)
    services.sign_up(guest=member, email="gus@example.com", password_hash="!", site="http://x")
    (welcome,) = deliver()
    assert welcome.to == ["gus@example.com"]
    assert gus.name in welcome.body
    assert User.objects.get(pk=gus.pk).check_password(password)


def test_the_signup_returns_to_the_page_it_came_from(
    gus_browser: Client, deliver: Deliver, password: str
) -> None:
    begin(gus_browser, "gus@example.com", password, next="/leaderboard/")
    (mail,) = deliver()
    assert gus_browser.post(CONFIRM, {"code": code_in(mail)})["Location"] == "/leaderboard/"


def test_a_foreign_page_to_return_to_is_ignored(gus_browser: Client, deliver: Deliver, password: str) -> None:
    begin(gus_browser, "gus@example.com", password, next="https://evil.example/")
    (mail,) = deliver()
    assert gus_browser.post(CONFIRM, {"code": code_in(mail)})["Location"] == "/me/"


def test_five_wrong_codes_make_the_right_one_worthless(
    gus_browser: Client, gus: User, deliver: Deliver, password: str
) -> None:
    begin(gus_browser, "gus@example.com", password)
    (mail,) = deliver()
    right = code_in(mail)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(signup.MAX_TRIES):
        assert "not the code" in gus_browser.post(CONFIRM, {"code": wrong}).content.decode()
    assert "not the code" in gus_browser.post(CONFIRM, {"code": right}).content.decode()
    assert User.objects.get(pk=gus.pk).is_guest
    gus_browser.post(CONFIRM, {"again": "1"})
    (mail,) = deliver()
    gus_browser.post(CONFIRM, {"code": code_in(mail)})
    assert not User.objects.get(pk=gus.pk).is_guest


def test_somebody_elses_code_is_worth_nothing(
    gus_browser: Client, mallory: Client, deliver: Deliver, password: str
) -> None:
    begin(gus_browser, "gus@example.com", password)
    begin(mallory, "mallory@example.com", password)
    _, mallorys = deliver()
    gus_browser.post(CONFIRM, {"code": code_in(mallorys)})
    assert not User.objects.filter(is_guest=False).exists()


def test_two_who_claim_one_address_make_one_member(
    gus_browser: Client, mallory: Client, deliver: Deliver, password: str
) -> None:
    begin(gus_browser, "gus@example.com", password)
    begin(mallory, "gus@example.com", password)
    first, second = deliver()
    gus_browser.post(CONFIRM, {"code": code_in(first)})
    response = mallory.post(CONFIRM, {"code": code_in(second)}, follow=True)
    assert "belongs to another player already" in response.content.decode()
    assert User.objects.filter(email="gus@example.com").count() == 1


def test_the_database_refuses_a_second_owner_of_an_address(alice: User, gus: User) -> None:
    with pytest.raises(EmailTaken):
        services.sign_up(guest=gus, email="ALICE@example.com", password_hash="!", site="http://x")
    gus.refresh_from_db()
    assert gus.is_guest


def test_neither_password_nor_code_lies_in_the_outbox(
    gus_browser: Client, deliver: Deliver, password: str
) -> None:
    begin(gus_browser, "gus@example.com", password)
    (order,) = owed()
    (mail,) = deliver()
    assert set(order) == {"mail", "email", "nonce", "site"}
    assert code_in(mail) not in str(order)


@pytest.mark.parametrize(("email", "password1"), [("not-an-address", "x"), ("", ""), ("a@b.c", "12345678")])
def test_a_form_that_is_no_good_says_so_beside_the_field(mallory: Client, email: str, password1: str) -> None:
    response = mallory.post(SIGNUP, {"email": email, "password1": password1})
    page = response.content.decode()
    assert response.status_code == 200
    assert 'aria-invalid="true"' in page
    assert "field__error" in page
    assert owed() == []


def test_a_member_needs_no_signup(alice_browser: Client) -> None:
    assert alice_browser.get(SIGNUP)["Location"] == "/me/"
    assert alice_browser.get(CONFIRM)["Location"] == "/me/"


def test_without_a_signup_there_is_no_code_to_type(mallory: Client) -> None:
    assert mallory.get(CONFIRM)["Location"] == SIGNUP
    assert mallory.post(CONFIRM, {"code": "123456"})["Location"] == SIGNUP


def test_the_code_that_is_sent_twice_at_once_makes_one_member_and_no_complaint(
    mallory: Client, deliver: Deliver, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(mallory, "new@example.com", password)
    (mail,) = deliver()
    twin, sign_up = Client(), services.sign_up
    twin.cookies = mallory.cookies.copy()

    def sign_up_twice(**given: Any) -> User:
        monkeypatch.setattr(services, "sign_up", sign_up)
        twin.post(CONFIRM, {"code": code_in(mail)})
        return sign_up(**given)

    monkeypatch.setattr(services, "sign_up", sign_up_twice)
    page = mallory.post(CONFIRM, {"code": code_in(mail)}, follow=True).content.decode()
    assert "yours to keep" in page
    member = User.objects.get(email="new@example.com")
    assert mallory.session["_auth_user_id"] == twin.session["_auth_user_id"] == str(member.pk)
