"""Old webhooks are forgotten, and what came once is still taken once."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from events.models import Event
from events.retention import prune
from events.subscribing import Occurred, registry, subscribe
from events.webhooks import receiving
from events.webhooks.errors import Forgotten
from events.webhooks.models import Attempt, Received, Sending, Source
from spacegame.checks import run_checks
from tests.support.bus import settle
from tests.webhooks.conftest import SECRET, code_of, endpoint_for
from tests.webhooks.test_what_comes_in import BODY, signed

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Send = Callable[..., HttpResponse]
MakeSource = Callable[..., Source]
LONG_AGO = timedelta(days=91)


def _age() -> None:
    then = timezone.now() - LONG_AGO
    Received.objects.update(received_at=then)
    Received.objects.exclude(signed_at=None).update(signed_at=int(then.timestamp()))


def test_what_was_sent_long_ago_goes_with_its_attempts_and_what_is_owed_stays() -> None:
    endpoint = endpoint_for("https://hooks.example.org/")
    now = timezone.now()
    for number, (state, days) in enumerate([("delivered", 31), ("failed", 31), ("owed", 31), ("failed", 29)]):
        row = Sending.objects.create(
            endpoint=endpoint,
            event_id=f"{number:032}",
            type="ROOM_CREATED",
            state=state,
            due_at=now,
            created_at=now - timedelta(days=days),
        )
        Attempt.objects.create(sending=row, number=1, started_at=now)
    assert prune()["sent webhooks"] == 2
    assert sorted(Sending.objects.values_list("state", flat=True)) == ["failed", "owed"]
    assert Attempt.objects.count() == 2


def test_a_webhook_that_was_forgotten_is_still_taken_once(source: MakeSource, send: Send) -> None:
    """A copy is too old; and a resend that is signed anew is an event that the log has."""
    heard: list[str] = []
    with registry.restored():

        @subscribe("SHOP_INCOMING_WEBHOOK", queue="webhooks", name="orders")
        def order_placed(event: Occurred) -> None:
            heard.append(event.data.key)

        source()
        copy = signed(ago=LONG_AGO.total_seconds())
        send(BODY, signed())
        settle()
        _age()
        assert prune()["received webhooks"] == 1
        assert not Received.objects.exists()
        assert code_of(send(BODY, copy)) == "too_old"
        assert send(BODY, signed()).status_code == 200
        settle()
    assert heard == ["msg_1"]
    assert Event.objects.filter(type="SHOP_INCOMING_WEBHOOK").count() == 1


def test_one_without_a_signed_time_is_remembered_for_ever_and_only_its_body_goes(
    source: MakeSource, send: Send
) -> None:
    source("hub", "plain", header="X-Hub-Signature-256")
    headers = {"X-Hub-Signature-256": hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest()}
    send(BODY, headers, "hub")
    _age()
    pruned = prune()
    assert (pruned["received webhooks"], pruned["bodies of received webhooks"]) == (0, 1)
    row = Received.objects.get()
    assert row.body == ""
    assert code_of(send(BODY, headers, "hub")) == "replay"
    with pytest.raises(Forgotten, match="KEEP_RECEIVED_WEBHOOKS_DAYS"):
        receiving.body_of(row.pk)
    assert prune()["bodies of received webhooks"] == 0


def test_a_young_one_is_kept_whole(source: MakeSource, send: Send) -> None:
    source()
    send(BODY, signed())
    prune()
    assert Received.objects.get().body == BODY.decode()


def test_a_time_too_short_for_senders_who_retry_is_refused_at_the_start(settings: Any) -> None:
    settings.KEEP_RECEIVED_WEBHOOKS_DAYS = 3
    errors = [message for message in run_checks(tags=["spacegame"]) if message.id == "events.E001"]
    assert "KEEP_RECEIVED_WEBHOOKS_DAYS is 3" in str(errors[0].msg)
    assert "30 days or more" in str(errors[0].hint)
    settings.KEEP_RECEIVED_WEBHOOKS_DAYS = 0
    assert not [message for message in run_checks(tags=["spacegame"]) if message.id == "events.E001"]
