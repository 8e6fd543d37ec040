"""Events that may leave reach who asked: signed, every attempt written down, until they are taken."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from events.contracts import RoomChanged, UserCreated
from events.models import Event, Outbox
from events.sender import Message, sender
from events.services import publish
from events.subscribing import VOLUMINOUS, registry
from events.webhooks import delivering, endpoints, sending, tasks
from events.webhooks.delivering import deliver, record, take_up
from events.webhooks.leaving import LEAVING
from events.webhooks.models import Attempt, Endpoint, Sending
from events.webhooks.pauses import PATIENCE, PAUSES, pause_after, retry_after_in
from events.webhooks.posting import Outcome
from tests.support.bus import settle
from tests.support.receiver import Receiver
from tests.webhooks.conftest import NOW, OLDER, OWNER, SECRET, endpoint_for

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

ROOM = UUID(int=5)
URL = "https://hooks.example.org/pizza"
OPENED = RoomChanged(code="MOZZAA", kind="arena", title="Friday night")


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """The messages that workers would get."""
    messages: list[Message] = []
    monkeypatch.setattr(sender, "send", messages.append)
    monkeypatch.setattr(sending, "send_all", messages.extend)
    return messages


def happen(type: str = "ROOM_CREATED", data: Any = OPENED) -> UUID:
    """Something happens, and the bus has done its part."""
    event_id = publish(type=type, room=ROOM, data=data, source="test")
    settle()
    return event_id


def work(told: list[Message]) -> None:
    """What a worker does with the messages that there are."""
    for message in [message for message in told if message.task == sending.TASK]:
        tasks.send(message.outbox_id, message.payload)
    told.clear()


class Clock:
    """A clock that is turned by hand, and a receiver that answers what it is told."""

    def __init__(self, *answers: Outcome) -> None:
        self.now = NOW
        self.answers = list(answers)
        self.sent: list[dict[str, Any]] = []

    def __call__(self) -> datetime:
        return self.now

    def post(self, url: str, *, body: bytes, headers: dict[str, str]) -> Outcome:
        assert not connection.in_atomic_block
        self.sent.append({"url": url, "body": body, "headers": headers, "at": self.now})
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def attempt(self, row: Sending) -> Outcome | None:
        """The next attempt, when it is due."""
        row.refresh_from_db()
        self.now = max(self.now, row.due_at)
        return deliver(sending_id=row.pk, attempts=row.attempts, now=self, post=self.post)


OK, BROKEN, GONE = Outcome(204, 12), Outcome(500, 34, "no oven"), Outcome(410, 5)


def owed(endpoint: Endpoint | None = None, at: datetime = NOW) -> Sending:
    return sending.send_test(endpoint=endpoint or endpoint_for(URL), now=at)


def test_an_event_reaches_who_chose_its_type_signed_so_that_the_public_package_believes_it(
    receiver: Receiver, told: list[Message]
) -> None:
    endpoint = endpoint_for(receiver.url, "ROOM_CREATED", "ROOM_COMPLETED")
    endpoint_for(receiver.url + "/users", "USER_CREATED")
    event_id = happen()
    work(told)
    (request,) = receiver.requests
    row = Sending.objects.get()
    assert Webhook(SECRET).verify(request.body, request.headers) == {
        "type": "ROOM_CREATED",
        "timestamp": Event.objects.get().occurred_at.isoformat().replace("+00:00", "Z"),
        "event": str(event_id),
        "actor": None,
        "room": str(ROOM),
        "data": {"code": "MOZZAA", "kind": "arena", "title": "Friday night", "reason": ""},
    }
    assert request.headers["webhook-id"] == str(row.pk)
    assert (request.headers["content-type"], request.path) == ("application/json", "/hook")
    assert (row.state, row.endpoint_id) == ("delivered", endpoint.pk)
    attempt = Attempt.objects.get()
    assert (attempt.number, attempt.status, attempt.answer, attempt.error) == (1, 200, "thanks", "")
    assert attempt.ended_at is not None
    with pytest.raises(WebhookVerificationError):
        Webhook(OLDER).verify(request.body, request.headers)


def test_only_listed_fields_leave(receiver: Receiver, told: list[Message]) -> None:
    endpoint_for(receiver.url, "USER_CREATED")
    happen("USER_CREATED", UserCreated(guest=True, site="https://inside.example.org"))
    work(told)
    assert json.loads(receiver.requests[0].body)["data"] == {"guest": True}


def test_an_event_told_twice_is_owed_once_and_a_disabled_endpoint_is_owed_nothing() -> None:
    active = endpoint_for(URL)
    endpoint_for(URL, state="disabled")
    happen()
    event = Event.objects.get()
    from events.reading import occurred

    for _ in range(2):
        sending.fan_out(event=occurred(event), now=NOW)
    assert [row.endpoint_id for row in Sending.objects.all()] == [active.pk]


def test_what_is_by_the_hundred_a_second_never_leaves() -> None:
    assert not LEAVING.keys() & VOLUMINOUS
    assert registry.named("events.webhooks.handlers.fan_out").replayable is False


def test_an_endpoint_that_is_back_gets_what_it_missed_under_the_same_id() -> None:
    clock = Clock(BROKEN, Outcome(None, 20_000, error="It took too long to answer."), OK)
    row = owed()
    outcomes = [clock.attempt(row) for _ in range(3)]
    assert [outcome.status for outcome in outcomes] == [500, None, 204]
    row.refresh_from_db()
    assert (row.state, row.attempts, row.failures) == ("delivered", 3, 2)
    assert {sent["headers"]["webhook-id"] for sent in clock.sent} == {str(row.pk)}
    assert len({sent["headers"]["webhook-timestamp"] for sent in clock.sent}) == 3
    assert [(try_.number, try_.status, try_.milliseconds) for try_ in row.tries.order_by("number")] == [
        (1, 500, 34), (2, None, 20_000), (3, 204, 12)
    ]  # fmt: skip
    assert row.tries.get(number=2).error == "It took too long to answer."
    assert row.endpoint.failing_since is None
    assert clock.attempt(row) is None


def test_the_pauses_grow_over_three_days() -> None:
    assert sum(PAUSES, timedelta()) > timedelta(days=3) == PATIENCE
    pauses = [pause_after(failures, luck=0.0) for failures in range(1, len(PAUSES) + 1)]
    assert pauses == sorted(pauses) == list(PAUSES)
    assert pause_after(1, luck=1.0) == timedelta(seconds=5.5)
    assert pause_after(len(PAUSES) + 1, luck=0.0) is None


def test_three_days_of_failures_disable_an_endpoint_and_tell_its_owner() -> None:
    clock = Clock(BROKEN)
    endpoint = endpoint_for(URL)
    row, other = owed(endpoint), owed(endpoint)
    attempts = 0
    while clock.attempt(row) is not None:
        attempts += 1
    assert attempts == len(PAUSES) + 1
    assert clock.now - NOW > timedelta(days=3)
    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.reason) == ("disabled", endpoints.FAILED_TOO_LONG)
    assert set(Sending.objects.values_list("state", flat=True)) == {"failed"}
    assert clock.attempt(other) is None
    settle()
    event = Event.objects.get()
    assert (event.type, event.actor) == ("WEBHOOK_DISABLED", OWNER)
    assert event.data == {
        "endpoint": str(endpoint.pk), "host": "hooks.example.org", "reason": endpoints.FAILED_TOO_LONG
    }  # fmt: skip


def test_one_that_fails_while_others_arrive_is_given_up_alone() -> None:
    clock = Clock(BROKEN)
    endpoint = endpoint_for(URL)
    row = owed(endpoint)
    while clock.attempt(row) is not None:
        Endpoint.objects.update(failing_since=None)  # as after a webhook that arrived
    row.refresh_from_db()
    endpoint.refresh_from_db()
    assert (row.state, row.failures, endpoint.state) == ("failed", len(PAUSES) + 1, "active")


def test_gone_stops_at_once() -> None:
    clock = Clock(GONE)
    endpoint = endpoint_for(URL)
    row, other = owed(endpoint), owed(endpoint)
    clock.attempt(row)
    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.reason) == ("disabled", endpoints.GONE)
    assert set(Sending.objects.values_list("state", flat=True)) == {"failed"}
    assert clock.attempt(row) is clock.attempt(other) is None
    assert len(clock.sent) == 1
    assert Outbox.objects.filter(payload__contains="WEBHOOK_DISABLED").count() == 1


def test_a_redirect_is_a_failure_like_any_other() -> None:
    clock = Clock(Outcome(308, 3))
    row = owed()
    clock.attempt(row)
    row.refresh_from_db()
    assert (row.state, row.failures) == ("owed", 1)


def test_a_receiver_that_asks_for_time_gets_it_from_all_that_is_owed_to_it() -> None:
    row, clock = owed(), Clock(Outcome(429, 3, retry_after=1200), OK)
    other = owed(endpoint=row.endpoint)
    clock.attempt(row)
    row.refresh_from_db()
    assert row.due_at == clock.now + timedelta(seconds=1200)
    assert clock.attempt(other) is None
    assert clock.attempt(row) == clock.attempt(other) == OK


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Mon, 01 Jun 2026 12:05:00 GMT", 300),
        ("Mon, 01 Jun 2026 11:00:00 GMT", 0),
        ("999999999999", 3600),
        ("Mon, 01 Jun 2027 12:00:00 GMT", 3600),
        ("", 0),
        ("-5", 0),
        ("soon", 0),
        ("²", 0),
    ],
)
def test_retry_after_is_seconds_or_a_date_within_reason(text: str, seconds: int) -> None:
    assert retry_after_in(text, now=datetime(2026, 6, 1, 12, tzinfo=UTC).timestamp()) == seconds


def test_during_a_rotation_both_signatures_are_sent(receiver: Receiver, told: list[Message]) -> None:
    endpoint = endpoint_for(receiver.url, secret=OLDER)
    secret = endpoints.rotate_secret(endpoint=endpoint, now=timezone.now())
    happen()
    work(told)
    (request,) = receiver.requests
    for one in (OLDER, secret):
        assert Webhook(one).verify(request.body, request.headers)
    Endpoint.objects.update(previous_until=timezone.now())
    happen()
    work(told)
    assert len(receiver.requests[1].headers["webhook-signature"].split()) == 1
    assert Webhook(secret).verify(receiver.requests[1].body, receiver.requests[1].headers)


def test_whoever_rotates_twice_takes_nothing_from_a_receiver_that_has_the_first_secret() -> None:
    endpoint = endpoint_for(URL)
    lost = endpoints.rotate_secret(endpoint=endpoint, now=NOW)
    new = endpoints.rotate_secret(endpoint=endpoint, now=NOW + timedelta(hours=1))
    endpoint.refresh_from_db()
    assert endpoint.secrets(NOW + timedelta(hours=2)) == [new, lost, SECRET]
    assert endpoint.secrets(NOW + timedelta(hours=26)) == [new]
    last = endpoints.rotate_secret(endpoint=endpoint, now=NOW + timedelta(days=9))
    endpoint.refresh_from_db()
    assert endpoint.secrets(NOW + timedelta(days=9)) == [last, new], "what counts no more is not woken up"


def test_of_many_workers_with_one_message_one_sends(told: list[Message]) -> None:
    row = owed()
    clock = Clock(OK)
    begin = threading.Barrier(6)

    def worker() -> None:
        begin.wait()
        deliver(sending_id=row.pk, attempts=0, now=clock, post=clock.post)
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(clock.sent) == Attempt.objects.count() == 1


def test_a_worker_killed_while_sending_leaves_an_attempt_without_an_end_and_another_goes_on() -> None:
    row, clock = owed(), Clock(OK)
    assert take_up(sending_id=row.pk, attempts=0, now=NOW)  # and here it is killed
    assert deliver(sending_id=row.pk, attempts=0, now=clock, post=clock.post) is None
    assert sending.send_due(now=NOW + sending.LEASE - timedelta(seconds=1)) == 0
    assert sending.send_due(now=NOW + sending.LEASE) == 1
    clock.attempt(row)
    row.refresh_from_db()
    assert row.state == "delivered"
    assert [attempt.ended_at is None for attempt in row.tries.order_by("number")] == [True, False]


def test_a_worker_slower_than_its_lease_changes_nothing_but_its_own_attempt() -> None:
    row = owed()
    slow = take_up(sending_id=row.pk, attempts=0, now=NOW)
    take_up(sending_id=row.pk, attempts=1, now=NOW + sending.LEASE)
    record(taken=slow, outcome=BROKEN, now=NOW + sending.LEASE, luck=0.0)
    row.refresh_from_db()
    assert (row.failures, row.due_at) == (0, NOW + 2 * sending.LEASE)
    assert row.tries.get(number=1).status == 500


def test_a_kill_between_the_answer_and_its_record_sends_again_under_the_same_id(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row, clock = owed(), Clock(OK)

    class Killed(BaseException):
        pass

    def die(**anything: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(delivering, "record", die)
        with pytest.raises(Killed):
            clock.attempt(row)
    clock.attempt(row)
    row.refresh_from_db()
    assert row.state == "delivered"
    assert [sent["headers"]["webhook-id"] for sent in clock.sent] == [str(row.pk)] * 2


def test_while_an_endpoint_fails_one_attempt_at_a_time_is_made_there() -> None:
    clock, endpoint = Clock(BROKEN, OK), endpoint_for(URL)
    first, second = owed(endpoint), owed(endpoint)
    clock.attempt(first)
    taken = take_up(sending_id=first.pk, attempts=1, now=clock.now)
    assert clock.attempt(second) is None
    second.refresh_from_db()
    assert (second.attempts, second.due_at) == (0, clock.now + delivering.PUT_OFF)
    record(taken=taken, outcome=BROKEN, now=clock.now, luck=0.0)
    assert clock.attempt(second) == OK
    endpoint.refresh_from_db()
    assert (endpoint.failing_since, endpoint.busy_until) == (None, None)


def test_a_worker_killed_at_a_failing_endpoint_does_not_keep_it() -> None:
    clock, endpoint = Clock(BROKEN, OK), endpoint_for(URL)
    row = owed(endpoint)
    clock.attempt(row)
    assert take_up(sending_id=row.pk, attempts=0, now=clock.now) is None
    endpoint.refresh_from_db()
    assert endpoint.busy_until is None
    take_up(sending_id=row.pk, attempts=1, now=clock.now)  # and here it is killed
    assert clock.attempt(row) == OK


def test_a_message_that_was_lost_is_sent_again_when_it_is_due(told: list[Message]) -> None:
    row = owed()
    assert [(message.outbox_id, message.payload) for message in told] == [(str(row.pk), "0")]
    assert sending.send_due(now=NOW) == 0
    assert sending.send_due(now=NOW + sending.FIRST_PAUSE) == 1
    assert sending.send_due(now=NOW + sending.FIRST_PAUSE) == 0
    assert told[0] == told[1]


def test_with_the_broker_away_rows_stay_due(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(messages: object) -> None:
        raise OSError("no broker")

    owed()
    owed()
    with monkeypatch.context() as patched:
        patched.setattr(sending, "send_all", away)
        assert sending.send_due(now=NOW + timedelta(minutes=1)) == 0
    assert sending.send_due(now=NOW + timedelta(minutes=1)) == 2


def test_sending_again_goes_to_active_endpoints_under_the_old_id(told: list[Message]) -> None:
    clock = Clock(GONE, OK)
    endpoint = endpoint_for(URL)
    row = owed(endpoint)
    clock.attempt(row)
    rows = Sending.objects.all()
    assert sending.send_again(rows, now=clock.now) == 0
    assert endpoints.enable(endpoint=endpoint)
    told.clear()
    assert sending.send_again(rows, now=clock.now) == 1
    assert [message.payload for message in told] == ["1"]
    assert sending.send_again(rows, now=clock.now) == 0
    clock.attempt(row)
    row.refresh_from_db()
    assert (row.state, row.tries.count()) == ("delivered", 2)


def test_what_waits_for_hours_can_be_sent_at_once_when_the_receiver_is_mended(told: list[Message]) -> None:
    row, clock = owed(), Clock(BROKEN, BROKEN, OK)
    clock.attempt(row)
    rows = Sending.objects.all()
    assert sending.send_again(rows, now=clock.now) == 0, "it goes out in seconds"
    clock.attempt(row)
    told.clear()
    assert sending.send_again(rows, now=clock.now) == 1
    assert [message.payload for message in told] == ["2"]
    soon = clock.now + timedelta(minutes=1)
    clock.attempt(row)
    row.refresh_from_db()
    assert (row.state, clock.now < soon) == ("delivered", True)


def test_what_was_owed_while_its_endpoint_was_being_disabled_is_given_up() -> None:
    endpoint = endpoint_for(URL)
    endpoints.disable(endpoint=endpoint, reason=endpoints.GONE)
    row = owed(endpoint)
    assert Clock(OK).attempt(row) is None
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("failed", 0)
    assert sending.send_due(now=row.due_at + timedelta(days=1)) == 0


def test_a_secret_that_cannot_be_opened_is_a_failed_attempt_that_says_so(settings: Any) -> None:
    row, clock = owed(), Clock(OK)
    settings.SECRET_KEY = "another-key-that-is-long-enough-to-please-every-check-of-them-all"
    outcome = clock.attempt(row)
    assert "SECRET_KEY" in outcome.error
    assert (clock.sent, Attempt.objects.get().error) == ([], outcome.error)


def test_a_key_that_was_replaced_still_opens_what_it_sealed(settings: Any) -> None:
    row, clock = owed(), Clock(OK)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-that-is-long-enough-to-please-every-check-of-them-all"
    assert clock.attempt(row) == OK


def test_what_was_sealed_anew_needs_the_old_key_no_more(settings: Any) -> None:
    row, clock = owed(), Clock(OK)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-that-is-long-enough-to-please-every-check-of-them-all"
    call_command("webhooks", "reseal")
    settings.SECRET_KEY_FALLBACKS = []
    assert clock.attempt(row) == OK


def test_a_rotation_helps_when_the_old_key_is_lost(settings: Any) -> None:
    endpoint = endpoint_for(URL)
    settings.SECRET_KEY = "another-key-that-is-long-enough-to-please-every-check-of-them-all"
    secret = endpoints.rotate_secret(endpoint=endpoint, now=NOW)
    endpoint.refresh_from_db()
    assert endpoint.secrets(NOW) == [secret]
    call_command("webhooks", "reseal")
    endpoint.refresh_from_db()
    assert (endpoint.secrets(NOW), endpoint.sealed_previous) == ([secret], "")


def test_sealing_anew_says_when_the_old_key_is_missing(settings: Any) -> None:
    endpoint_for(URL)
    settings.SECRET_KEY = "another-key-that-is-long-enough-to-please-every-check-of-them-all"
    with pytest.raises(CommandError, match="SECRET_KEY_FALLBACKS"):
        call_command("webhooks", "reseal")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "http://hooks.example.org/"}, "https"),
        ({"url": "https://10.0.0.1/"}, "not public"),
        ({"types": ["SHIP_HIT"]}, "SHIP_HIT"),
        ({"types": ["SHOP_INCOMING_WEBHOOK"]}, "INCOMING"),
        ({"types": []}, "at least one"),
        ({"owner": 404}, "no user 404"),
    ],
)
def test_an_endpoint_that_cannot_be_registered(changes: dict[str, Any], words: str) -> None:
    fields = {"owner": OWNER, "url": URL, "types": ["ROOM_CREATED"], "now": NOW, **changes}
    with pytest.raises(ValueError, match=words):
        endpoints.register(**fields)
    assert not Endpoint.objects.exists()


def test_a_registered_endpoint_has_a_secret_that_is_shown_once() -> None:
    endpoint, secret = endpoints.register(owner=OWNER, url=URL, types=["ROOM_CREATED"], now=NOW)
    kept = Endpoint.objects.get(pk=endpoint.pk)
    assert kept.secrets(NOW) == [secret]
    assert secret.startswith("whsec_")
    assert secret not in kept.sealed_secret


def test_the_figures_say_how_it_stands() -> None:
    from events.webhooks.metrics import snapshot

    clock = Clock(BROKEN)
    clock.attempt(owed(at=timezone.now() - timedelta(hours=1)))
    figures = snapshot()
    assert {name: figures[name] for name in ("owed", "active", "disabled", "failing")} == {
        "owed": 1, "active": 1, "disabled": 0, "failing": 1
    }  # fmt: skip
    assert figures["age"] >= 3600
    assert figures["attempts"] >= 1


def test_a_real_receiver_that_is_gone_and_one_that_is_slow_to_come_back(
    receiver: Receiver, told: list[Message]
) -> None:
    endpoint_for(receiver.url)
    receiver.answers(503, body=b"not yet")
    happen()
    work(told)
    assert Attempt.objects.get().answer == "not yet"
    receiver.answers(200)
    sending.send_due(now=timezone.now() + timedelta(seconds=6))
    work(told)
    assert Sending.objects.get().state == "delivered"
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
    assert time.time() - int(receiver.requests[-1].headers["webhook-timestamp"]) < 60
