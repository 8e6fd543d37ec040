"""Nobody learns from us who has an account: known and unknown addresses get the same answer."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth import hashers
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

KNOWN, UNKNOWN = "alice@example.com", "alina@example.com"
Deliver = Callable[[], list]


def answer(path: str, data: dict[str, str], email: str) -> tuple[int, str, list[str]]:
    """The final page and the statements that made it, without what differs by chance."""
    browser = Client()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = browser.post(path, data, follow=True)
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    statements = [re.sub(r"'[^']*'|\d+|%s", "?", query["sql"].split(" VALUES")[0])[:60] for query in queries]
    return response.status_code, page.replace(email, "<address>"), statements


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/accounts/signup/", {"email": "", "password1": "four cheeses and a comet"}),
        ("/accounts/password/reset/", {"email": ""}),
        ("/accounts/login/", {"login": "", "password": "not the password"}),
    ],
)
def test_a_known_address_is_answered_like_an_unknown_one(
    alice: User, path: str, data: dict[str, str]
) -> None:
    field = next(iter(data))
    known = answer(path, data | {field: KNOWN}, KNOWN)
    unknown = answer(path, data | {field: UNKNOWN}, UNKNOWN)
    assert known[:2] == unknown[:2]
    if "login" not in path:
        assert known[2] == unknown[2], "the same work is done, so the same time passes"


def test_a_known_address_costs_a_login_as_many_password_hashes(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    encode = Argon2PasswordHasher.encode
    verify = Argon2PasswordHasher.verify
    monkeypatch.setattr(
        Argon2PasswordHasher, "encode", lambda *a, **k: hashed.append("encode") or encode(*a, **k)
    )
    monkeypatch.setattr(
        Argon2PasswordHasher, "verify", lambda *a, **k: hashed.append("verify") or verify(*a, **k)
    )
    hashers.get_hashers.cache_clear()
    counts = []
    for email in (KNOWN, UNKNOWN):
        hashed.clear()
        Client().post("/accounts/login/", {"login": email, "password": "not the password"})
        counts.append(len(hashed))
    assert counts == [1, 1]


def test_only_the_owner_of_a_mailbox_learns_that_it_has_an_account(alice: User, deliver: Deliver) -> None:
    for email in (KNOWN, UNKNOWN):
        Client().post("/accounts/signup/", {"email": email, "password1": "four cheeses and a comet"})
    known, unknown = deliver()
    assert known.to == [KNOWN]
    assert "has an account already" in known.body
    assert not re.search(r"\b\d{6}\b", known.body)
    assert unknown.to == [UNKNOWN]
    assert re.search(r"\b\d{6}\b", unknown.body)


def test_a_strangers_address_gets_no_reset_mail(alice: User, deliver: Deliver) -> None:
    for email in (KNOWN, UNKNOWN):
        Client().post("/accounts/password/reset/", {"email": email})
    (mail,) = deliver()
    assert mail.to == [KNOWN]
