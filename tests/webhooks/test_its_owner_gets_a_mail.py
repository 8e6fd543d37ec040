"""Whoever owns an endpoint learns by mail that it was disabled, once, and without its whole URL."""

from typing import Any

import pytest
from django.core import mail

from accounts.models import User
from accounts.tasks import deliver_mail
from events import players
from events.models import Outbox
from events.webhooks import endpoints
from tests.support.bus import settle
from tests.webhooks.conftest import endpoint_for

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def disable_one_of(owner: User) -> None:
    players.register_player_check(lambda ids: ids & {owner.pk})
    endpoint = endpoint_for("https://hooks.example.org/in?token=pssst")
    endpoint.owner = owner.pk
    endpoint.save()
    assert endpoints.disable(endpoint=endpoint, reason=endpoints.GONE)
    assert not endpoints.disable(endpoint=endpoint, reason=endpoints.GONE)
    settle()
    for row in Outbox.objects.filter(task=deliver_mail.name):
        deliver_mail(str(row.pk), row.payload)


def test_an_owner_with_an_address_gets_one_mail(settings: Any) -> None:
    settings.BASE_URL = "https://pizza.example"
    disable_one_of(
        User.objects.create_user("alice@example.com", handle="alice", name="Alice", is_guest=False)
    )
    (sent,) = mail.outbox
    assert sent.to == ["alice@example.com"]
    assert sent.subject == "Webhooks to hooks.example.org are switched off"
    html = sent.alternatives[0][0]
    for text in (sent.body, html):
        assert endpoints.GONE in text
        assert "pssst" not in text
    assert "https://pizza.example" in sent.body
    assert not Outbox.objects.exists()


def test_an_owner_without_an_address_is_left_in_peace() -> None:
    disable_one_of(User.objects.create_user(handle="guest", name="Guest"))
    assert mail.outbox == []
    assert not Outbox.objects.exists()
