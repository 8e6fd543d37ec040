"""Login, logout and passwords."""

import logging
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from accounts.redaction import RedactTokens
from events.models import Outbox
from tests.accounts.conftest import link_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LOGIN = "/accounts/login/"
Deliver = Callable[[], list]


def log_in(browser: Client, password: str, **more: str) -> str:
    response = browser.post(LOGIN, {"login": "Alice@Example.com", "password": password, **more})
    return response.get("Location", "")


def reset_link(deliver: Deliver) -> str:
    Client().post("/accounts/password/reset/", {"email": "alice@example.com"})
    (mail,) = deliver()
    return link_in(mail)


def set_password(browser: Client, link: str, password: str) -> None:
    form = browser.get(link, follow=True)
    browser.post(form.request["PATH_INFO"], {"password1": password, "password2": password})


def test_alice_logs_in_for_a_year_and_out_again(alice: User, mallory: Client, password: str) -> None:
    assert log_in(mallory, password) == "/"
    assert mallory.session["_auth_user_id"] == str(alice.pk)
    assert mallory.session.get_expiry_age() == 365 * 86_400
    mallory.post("/accounts/logout/")
    assert "_auth_user_id" not in mallory.session


def test_a_login_returns_to_the_page_it_came_from(alice: User, mallory: Client, password: str) -> None:
    assert log_in(mallory, password, next="/leaderboard/") == "/leaderboard/"


def test_an_operator_logs_in_however_the_address_is_written(mallory: Client) -> None:
    User.objects.create_superuser(email="Boss@Example.com", password="x y z", handle="boss", name="Boss")
    response = mallory.post(f"{LOGIN}?next=/kitchen/", {"login": "bOSS@example.com", "password": "x y z"})
    assert response["Location"] == "/kitchen/"
    assert mallory.get("/kitchen/").status_code == 200


def test_the_page_to_return_to_survives_the_way_between_login_and_signup(mallory: Client) -> None:
    assert (
        "/accounts/signup/?next=/leaderboard/" in mallory.get(f"{LOGIN}?next=/leaderboard/").content.decode()
    )
    page = mallory.get("/accounts/signup/?next=/leaderboard/").content.decode()
    assert "/accounts/login/?next=/leaderboard/" in page


def test_a_guest_is_told_before_logging_in_that_points_stay_behind(gus_browser: Client, gus: User) -> None:
    page = gus_browser.get(LOGIN).content.decode()
    assert "data-guest-points" in page
    assert gus.name in page


def test_a_guest_who_logs_in_swaps_to_the_account_and_the_guest_stays(
    gus_browser: Client, gus: User, alice: User, password: str
) -> None:
    log_in(gus_browser, password)
    assert gus_browser.session["_auth_user_id"] == str(alice.pk)
    assert User.objects.get(pk=gus.pk).is_guest


def test_a_wrong_password_is_refused_without_saying_what_was_wrong(alice: User, mallory: Client) -> None:
    page = mallory.post(LOGIN, {"login": "alice@example.com", "password": "nope"}).content.decode()
    assert "do not belong together" in page
    assert "_auth_user_id" not in mallory.session


def test_a_reset_link_sets_a_new_password_once(alice: User, mallory: Client, deliver: Deliver) -> None:
    link = reset_link(deliver)
    set_password(mallory, link, "a whole new topping")
    assert mallory.session["_auth_user_id"] == str(alice.pk)
    assert Client().login(email="alice@example.com", password="a whole new topping")
    (notice,) = deliver()
    assert "password was changed" in notice.body
    other = Client()
    assert "gone cold" in other.get(link, follow=True).content.decode()


def test_a_made_up_reset_link_is_refused_kindly(alice: User, mallory: Client) -> None:
    page = mallory.get(f"/accounts/password/reset/key/{alice.pk}-abcdef-0123456789/", follow=True)
    assert "gone cold" in page.content.decode()


def test_a_reset_ends_the_other_sessions(alice_browser: Client, mallory: Client, deliver: Deliver) -> None:
    set_password(mallory, reset_link(deliver), "a whole new topping")
    assert "No ship yet" in alice_browser.get("/me/").content.decode()


def test_a_changed_password_keeps_this_session_and_tells_the_owner(
    alice_browser: Client, alice: User, password: str, deliver: Deliver
) -> None:
    new = "a whole new topping"
    data = {"oldpassword": password, "password1": new, "password2": new}
    response = alice_browser.post("/accounts/password/change/", data)
    assert response["Location"] == "/me/"
    assert alice.name in alice_browser.get("/me/").content.decode()
    (notice,) = deliver()
    assert notice.to == ["alice@example.com"]


def test_a_guest_who_wants_a_password_is_offered_the_signup(gus_browser: Client) -> None:
    assert gus_browser.get("/accounts/password/change/")["Location"] == "/accounts/signup/"


def test_a_reset_token_is_nowhere_but_in_the_mail(
    alice: User, mallory: Client, deliver: Deliver, caplog: pytest.LogCaptureFixture
) -> None:
    Client().post("/accounts/password/reset/", {"email": "alice@example.com"})
    rows = str(list(Outbox.objects.values()))
    with caplog.at_level(logging.DEBUG):
        (mail,) = deliver()
    token = link_in(mail).rstrip("/").split("-", 1)[1]
    assert token not in rows
    assert token not in caplog.text


def test_a_logged_path_has_no_reset_token() -> None:
    path = "/accounts/password/reset/key/1-c0ffee-abcdef/"
    args = ("127.0.0.1:1", "GET", path, "1.1", 200)
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s "%s %s HTTP/%s" %d', args, None)
    RedactTokens().filter(record)
    assert "c0ffee" not in record.getMessage()
    assert "/accounts/password/reset/key/…" in record.getMessage()


def test_the_admin_has_no_login_of_its_own(mallory: Client, alice_browser: Client) -> None:
    response = mallory.get("/kitchen/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=/kitchen/")
    assert alice_browser.get("/kitchen/login/").status_code == 403
