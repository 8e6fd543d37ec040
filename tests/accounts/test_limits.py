"""Limits: a crowd is asked to wait, kindly; and without Redis nobody is locked out."""

from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

import accounts.cache
from accounts import limits
from accounts.cache import ForgivingRedisCache
from accounts.models import User
from events.models import Outbox
from tests.support.proxy import Proxy

pytestmark = [pytest.mark.django_db]


def test_a_key_is_allowed_up_to_its_limit_and_others_are_not_touched() -> None:
    answers = [limits.allow("a", limit=3, per_seconds=60) for _ in range(5)]
    assert answers == [True, True, True, False, False]
    assert limits.allow("b", limit=3, per_seconds=60)


def test_a_window_ends(redis_client) -> None:
    limits.allow("a", limit=1, per_seconds=60)
    assert not limits.allow("a", limit=1, per_seconds=60)
    (key,) = redis_client.keys("*limit:*")
    assert 0 < redis_client.ttl(key) <= 60
    redis_client.delete(key)
    assert limits.allow("a", limit=1, per_seconds=60)


@pytest.fixture
def without_redis(settings) -> None:
    nowhere = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": nowhere}


def test_without_redis_everything_is_allowed(without_redis: None) -> None:
    assert isinstance(cache._connections["default"], ForgivingRedisCache)
    assert all(limits.allow("a", limit=1, per_seconds=60) for _ in range(3))


def test_a_silent_redis_is_waited_for_once_and_not_by_every_question_of_a_page(
    settings, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = Proxy(urlsplit(redis_url).port or 0)
    there = {**settings.CACHES["default"], "LOCATION": f"redis://127.0.0.1:{network.port}/0"}
    settings.CACHES = {"default": {**there, "OPTIONS": {"socket_timeout": 1.5}}}
    monkeypatch.setattr(accounts.cache, "SILENCE_SECONDS", 60.0)
    monkeypatch.setattr(accounts.cache, "_silent_until", 0.0)
    cache.set("pizza", "margherita")
    network.hold()
    assert cache.get("pizza") is None
    network.heal()
    assert cache.get("pizza") is None  # not even asked
    assert all(limits.allow("a", limit=1, per_seconds=60) for _ in range(3))
    monkeypatch.setattr(accounts.cache, "_silent_until", 0.0)
    assert cache.get("pizza") == "margherita"
    network.stop()


def test_without_redis_members_log_in(
    without_redis: None, alice: User, mallory: Client, password: str
) -> None:
    mallory.post("/accounts/login/", {"login": "alice@example.com", "password": password})
    assert mallory.session["_auth_user_id"] == str(alice.pk)


def test_wrong_passwords_for_one_account_are_limited_from_everywhere(alice: User, password: str) -> None:
    for number in range(5):
        Client(REMOTE_ADDR=f"203.0.113.{number}").post(
            "/accounts/login/", {"login": "alice@example.com", "password": "wrong"}
        )
    browser = Client(REMOTE_ADDR="203.0.113.99")
    page = browser.post("/accounts/login/", {"login": "alice@example.com", "password": password})
    assert "Too many tries" in page.content.decode()
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/accounts/login/", {"login": "", "password": ""}),
        ("/accounts/signup/", {"email": "", "password1": ""}),
    ],
)
def test_too_many_tries_from_one_address_get_the_friendly_page(path: str, data: dict[str, str]) -> None:
    statuses = [Client().post(path, data).status_code for _ in range(31)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
    page = Client().post(path, data).content.decode()
    assert "<h1" in page
    assert Client(REMOTE_ADDR="203.0.113.5").post(path, data).status_code == 200


def test_one_mailbox_is_not_flooded_with_codes_or_links(alice: User) -> None:
    for number in range(12):
        browser = Client(REMOTE_ADDR=f"203.0.113.{number}")
        browser.post("/accounts/signup/", {"email": "v@example.com", "password1": "four cheeses and a comet"})
        browser.post("/accounts/password/reset/", {"email": "v@example.com"})
    assert Outbox.objects.filter(payload__contains='"sign_up"').count() == 5
    assert Outbox.objects.filter(payload__contains='"reset"').count() == 5


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "198.51.100.1", "203.0.113.7"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (2, "198.51.100.1", "198.51.100.1"),
        (1, "", "203.0.113.7"),
        (1, "not an address", "unknown"),
        (1, "2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
    ],
)
def test_a_forwarded_address_is_believed_only_from_our_own_proxies(
    rf: RequestFactory, settings, proxies: int, forwarded: str, counted: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR=forwarded)
    assert limits.client_ip(request) == counted


def test_the_sixth_code_for_one_mailbox_is_answered_with_the_friendly_page() -> None:
    data = {"email": "v@example.com", "password1": "four cheeses and a comet"}
    statuses = [
        Client(REMOTE_ADDR=f"203.0.113.{n}").post("/accounts/signup/", data).status_code for n in range(6)
    ]
    assert statuses == [302] * 5 + [429]


def test_a_crowd_of_guests_sees_the_friendly_page(rf: RequestFactory, monkeypatch) -> None:
    from accounts.errors import TooMany
    from accounts.middleware import AccountsMiddleware

    response = AccountsMiddleware(lambda request: None).process_exception(rf.post("/play/"), TooMany())
    assert response is not None
    assert response.status_code == 429
    assert "Give the oven a minute" in response.content.decode()
