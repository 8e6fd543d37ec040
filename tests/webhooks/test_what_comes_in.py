"""A webhook that is believed is kept once and published once; everything else is refused, and says why."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from prometheus_client import REGISTRY
from standardwebhooks.webhooks import Webhook

from events import payloads
from events.models import Event, Outbox
from events.store import store_payload
from events.subscribing import Occurred, registry, subscribe
from events.webhooks import receiving
from events.webhooks.models import Received, Source
from events.webhooks.sealing import seal
from tests.support.bus import settle
from tests.webhooks.conftest import OLDER, SECRET, code_of
from tests.webhooks.test_signatures import stripe_header

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

BODY = b'{"type":"order.paid","data":{"pizzas":3}}'
Send = Callable[..., HttpResponse]
MakeSource = Callable[..., Source]


def signed(
    body: bytes = BODY, *, webhook_id: str = "msg_1", ago: float = 0, secret: str = SECRET
) -> dict[str, str]:
    """The headers of Standard Webhooks, by the public package."""
    when = timezone.now() - timedelta(seconds=ago)
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(when.timestamp())),
        "webhook-signature": Webhook(secret).sign(webhook_id, when, body.decode()),
    }


def published() -> list[Any]:
    """The events that wait in the outbox."""
    rows = [payloads.decode(row.payload) for row in Outbox.objects.order_by("created_at")]
    assert not any(misshapen for _, misshapen in rows)
    return [event for events, _ in rows for event in events]


def test_what_is_believed_is_kept_published_and_reaches_the_log(source: MakeSource, send: Send) -> None:
    source()
    answer = send(BODY, signed())
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    received = Received.objects.get()
    assert json.loads(answer.content) == {"received": str(received.pk), "again": False}
    assert (received.key, received.kind, received.body) == ("msg_1", "order.paid", BODY.decode())
    for row in Outbox.objects.all():
        store_payload(outbox_id=row.pk, payload=row.payload, now=timezone.now())
    event = Event.objects.get()
    assert (event.type, event.actor, event.source) == ("SHOP_INCOMING_WEBHOOK", None, "webhooks")
    assert event.data == {
        "received": str(received.pk), "source": "shop", "key": "msg_1", "kind": "order.paid"
    }  # fmt: skip
    assert receiving.body_of(UUID(event.data["received"])) == {"type": "order.paid", "data": {"pizzas": 3}}


def test_its_subscriber_does_the_work_later_once(source: MakeSource, send: Send) -> None:
    orders: list[Any] = []
    with registry.restored():

        @subscribe("SHOP_INCOMING_WEBHOOK", queue="webhooks")
        def order_placed(event: Occurred) -> None:
            orders.append((event.data.kind, receiving.body_of(event.data.received)["data"]))

        source()
        send(BODY, signed(ago=9))
        send(BODY, signed())
        assert orders == []
        settle()
    assert orders == [("order.paid", {"pizzas": 3})]


def test_an_address_without_its_last_slash_is_a_door_too(source: MakeSource, client: Client) -> None:
    source()
    answer = client.post("/webhooks/incoming/shop", BODY, content_type="application/json", headers=signed())
    assert answer.status_code == 200


def test_stripes_webhooks_are_known_by_the_events_id(source: MakeSource, send: Send) -> None:
    source("stripe", "stripe")
    body, now = b'{"id":"evt_9","type":"invoice.paid","livemode":false}', int(time.time())
    send(body, {"stripe-signature": stripe_header(SECRET, at=now - 2, body=body)}, "stripe")
    again = send(body, {"stripe-signature": stripe_header(SECRET, at=now, body=body)}, "stripe")
    assert json.loads(again.content)["again"]
    assert Received.objects.get().key == "evt_9"
    assert [event.type for event in published()] == ["STRIPE_INCOMING_WEBHOOK"]


def test_a_retry_that_was_signed_anew_is_answered_like_the_first_and_does_nothing(
    source: MakeSource, send: Send
) -> None:
    source()
    first = send(BODY, signed(ago=60))
    retry = send(BODY, signed(ago=30))
    assert (retry.status_code, json.loads(retry.content)["again"]) == (200, True)
    assert json.loads(retry.content)["received"] == json.loads(first.content)["received"]
    assert (Received.objects.get().times, len(published())) == (2, 1)


def test_a_copy_of_what_was_sent_before_is_refused_for_ever(source: MakeSource, send: Send) -> None:
    source()
    old, new = signed(ago=60), signed(ago=30)
    send(BODY, old)
    send(BODY, new)
    for headers in (old, new, old):
        answer = send(BODY, headers)
        assert (answer.status_code, code_of(answer)) == (409, "replay")
    assert (Received.objects.get().times, len(published())) == (2, 1)


def test_without_a_signed_time_the_same_body_is_taken_once(source: MakeSource, send: Send) -> None:
    source("hub", "plain", header="X-Hub-Signature-256")
    digest = hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": f"sha256={digest}"}
    assert send(BODY, headers, "hub").status_code == 200
    assert code_of(send(BODY, headers, "hub")) == "replay"
    assert len(published()) == 1


def test_the_same_id_from_two_sources_is_two_webhooks(source: MakeSource, send: Send) -> None:
    for name in ("shop", "bank"):
        source(name)
        assert send(BODY, signed(), name).status_code == 200
    assert len({event.event_id for event in published()}) == 2


def test_two_copies_at_the_same_moment_are_one(source: MakeSource) -> None:
    source()
    first, second = signed(ago=2), signed(ago=1)
    answers: list[HttpResponse] = []

    def post(headers: dict[str, str]) -> None:
        answers.append(
            Client().post("/webhooks/incoming/shop/", BODY, content_type="application/json", headers=headers)
        )
        connection.close()

    threads = [threading.Thread(target=post, args=[headers]) for headers in (first, second) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} <= {200, 409}
    taken = [answer for answer in answers if answer.status_code == 200 and b"false" in answer.content]
    assert len(taken) == len(published()) == Received.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"ago": 400}, 400, "too_old"),
        ({"ago": -400}, 400, "in_the_future"),
        ({"secret": OLDER}, 401, "bad_signature"),
    ],
)
def test_a_wrong_time_or_secret_is_refused(
    source: MakeSource, send: Send, change: dict[str, Any], status: int, code: str
) -> None:
    source()
    answer = send(BODY, signed(**change))
    assert (answer.status_code, code_of(answer)) == (status, code)
    assert not Received.objects.exists()
    assert not Outbox.objects.exists()


def test_other_things_that_are_refused(source: MakeSource, send: Send, client: Client) -> None:
    source()
    source("off", active=False)
    big = b'"' + b"x" * receiving.MAX_BYTES + b'"'
    answers = [
        (send(BODY, {}), 401, "no_signature"),
        (send(b'{"a":1}', signed()), 401, "bad_signature"),
        (send(BODY, signed(), "nobody"), 404, "unknown_source"),
        (send(BODY, signed(), "off"), 404, "unknown_source"),
        (send(BODY, signed(), content_type="text/plain"), 415, "wrong_content_type"),
        (send(big, signed(big)), 413, "too_large"),
        (send(b"{", signed(b"{")), 400, "not_json"),
        (client.get("/webhooks/incoming/shop/"), 405, "wrong_method"),
    ]
    assert [(answer.status_code, code_of(answer)) for answer, _, _ in answers] == [
        (status, code) for _, status, code in answers
    ]
    assert not Received.objects.exists()
    wide = send(BODY, signed(), content_type="application/json; charset=utf-8")
    assert wide.status_code == 200


def test_a_body_that_is_no_utf8_is_refused(source: MakeSource, send: Send) -> None:
    source("hub", "plain", header="X-Sign")
    for body in (b'"\xff"', b'{"a": "\x00"}'):
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        assert code_of(send(body, {"X-Sign": digest}, "hub")) == "not_json"


def test_during_a_rotation_both_secrets_count_until_the_old_one_ends(source: MakeSource, send: Send) -> None:
    shop = source(secret=OLDER)
    shop.replace_secret(SECRET, now=timezone.now())
    shop.save()
    assert send(BODY, signed(secret=OLDER, webhook_id="a")).status_code == 200
    assert send(BODY, signed(secret=SECRET, webhook_id="b")).status_code == 200
    Source.objects.update(previous_until=timezone.now())
    assert code_of(send(BODY, signed(secret=OLDER, webhook_id="c"))) == "bad_signature"


def test_a_secret_that_cannot_be_opened_is_our_fault_and_not_the_senders(
    source: MakeSource, send: Send, settings: Any
) -> None:
    source()
    settings.SECRET_KEY = "another-key-that-is-long-enough-to-please-every-check-of-them-all"
    answer = send(BODY, signed())
    assert (answer.status_code, code_of(answer)) == (503, "not_ready")


def test_a_strangers_failures_are_limited_and_lock_nobody_out(source: MakeSource, send: Send) -> None:
    """Not even who sends from the same address: a big service's customers share its addresses."""
    source()
    wrong = signed(secret=OLDER)
    codes = [code_of(send(BODY, wrong, REMOTE_ADDR="203.0.113.5")) for _ in range(30)]
    assert codes == ["bad_signature"] * 30
    answer = send(BODY, wrong, REMOTE_ADDR="203.0.113.5")
    assert (answer.status_code, code_of(answer)) == (429, "too_many_failures")
    assert answer.headers["Retry-After"] == "60"
    assert code_of(send(BODY, wrong, REMOTE_ADDR="203.0.113.6")) == "bad_signature"
    assert send(BODY, signed(), REMOTE_ADDR="203.0.113.5").status_code == 200


@pytest.mark.parametrize("fault", [OperationalError("the connection is lost"), InterfaceError("closed")])
def test_with_the_database_away_a_sender_is_told_to_try_again(
    source: MakeSource, send: Send, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    source()

    def away(**event: Any) -> None:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "publish", away)
        answer = send(BODY, signed())
    assert (answer.status_code, code_of(answer)) == (503, "not_ready")
    assert answer.headers["Retry-After"] == "10"
    assert send(BODY, signed()).status_code == 200


def test_each_result_is_counted(source: MakeSource, send: Send) -> None:
    def count(result: str) -> float:
        name = "space_pizzas_webhooks_received_total"
        return REGISTRY.get_sample_value(name, {"result": result}) or 0.0

    before = {result: count(result) for result in ("taken", "again", "replay", "bad_signature")}
    source()
    headers = signed()
    send(BODY, signed(ago=5))
    send(BODY, headers)
    send(BODY, headers)
    send(BODY, signed(secret=OLDER))
    assert {result: count(result) - before[result] for result in before} == dict.fromkeys(before, 1.0)


def test_no_token_of_ours_is_asked_for_and_no_cookie_is_set(source: MakeSource) -> None:
    source()
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/webhooks/incoming/shop/", BODY, content_type="application/json", headers=signed())
    assert answer.status_code == 200
    assert not answer.cookies


def test_a_kill_before_the_commit_leaves_nothing_and_the_retry_is_taken(
    source: MakeSource, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    source()

    class Killed(BaseException):
        pass

    def die(**anything: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(receiving, "publish", die)
        with pytest.raises(Killed):
            send(BODY, signed(ago=5))
    assert not Received.objects.exists()
    assert json.loads(send(BODY, signed()).content)["again"] is False
    assert len(published()) == 1


def test_the_secret_is_in_no_row_and_in_no_line_of_the_log(
    source: MakeSource, send: Send, caplog: pytest.LogCaptureFixture
) -> None:
    shop = source()
    assert SECRET not in shop.sealed_secret
    assert seal(SECRET) != seal(SECRET)
    caplog.set_level("DEBUG")
    send(BODY, signed(secret=OLDER))
    send(BODY, signed())
    assert SECRET.removeprefix("whsec_") not in caplog.text
