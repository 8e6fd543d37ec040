"""Three people: gus, a guest; alice, a member; and mallory, who is up to something."""

import json
import re
from collections.abc import Callable
from functools import cache

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.test import Client

from accounts import tasks
from accounts.models import User
from accounts.services import create_guest, sign_up
from events.models import Outbox
from tests.support.bus import settle

PASSWORD = "four cheeses and a comet"
SITE = "http://testserver"


@pytest.fixture(autouse=True)
def _plain_static_files(plain_static: None) -> None:
    """Pages without collected static files."""


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture
def gus(db: None) -> User:
    return create_guest()


@pytest.fixture
def gus_browser(gus: User) -> Client:
    client = Client()
    client.force_login(gus)
    return client


@cache
def _password_hash() -> str:
    """Of alice's password; made once, as it is slow on purpose."""
    return make_password(PASSWORD)


@pytest.fixture
def alice(db: None, settings: pytest.FixtureRequest) -> User:
    member = sign_up(guest=None, email="alice@example.com", password_hash=_password_hash(), site=SITE)
    Outbox.objects.all().delete()
    return member


@pytest.fixture
def alice_browser(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def mallory() -> Client:
    """A browser without a session."""
    return Client()


def owed() -> list[dict[str, str]]:
    """The mails in the outbox, oldest first."""
    rows = Outbox.objects.filter(queue="email").order_by("created_at")
    return [json.loads(row.payload) for row in rows]


@pytest.fixture
def deliver(db: None) -> Callable[[], list[mail.EmailMultiAlternatives]]:
    """Do what workers do with every event and every mail that is owed, and return what went out."""

    def run() -> list[mail.EmailMultiAlternatives]:
        before = len(mail.outbox)
        settle()
        for row in Outbox.objects.filter(queue="email", failed_at=None).order_by("created_at"):
            tasks.deliver_mail(str(row.pk), row.payload)
        return mail.outbox[before:]

    return run


def code_in(message: mail.EmailMultiAlternatives) -> str:
    """The six digits of a verification mail."""
    found = re.search(r"\b\d{6}\b", message.body)
    assert found is not None
    return found.group()


def link_in(message: mail.EmailMultiAlternatives) -> str:
    """The path of the reset link in a mail."""
    found = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", message.body)
    assert found is not None
    return found.group(1)
