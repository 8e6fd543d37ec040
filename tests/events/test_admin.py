"""Operators look at everything, find things fast, change nothing, and send dead letters again on purpose."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from events import players
from events.contracts import RoomChanged
from events.models import Delivery, Event, Outbox, RefusedEvent, Score
from events.services import publish
from events.tasks import store_events
from tests.events.making import ALICE, BOB, ROOM, STRANGER, hit, owe, store

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _plain_static_files(plain_static: None) -> None:
    """Hashed names need `collectstatic`, which pages under test do not."""


@pytest.fixture
def operator(client: Client) -> Client:
    user = User.objects.create_superuser(
        "chef@pizza.example", "a long enough password", handle="chef", name="Chef"
    )
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture(autouse=True)
def _some_events() -> None:
    store([hit(), hit(actor=BOB, victim=ALICE), hit(actor=STRANGER)])
    data = RoomChanged(code="PIZZAS", kind="arena", title="Friday oven")
    publish(type="ROOM_CREATED", room=UUID(int=9), data=data, source="rooms")
    row = Outbox.objects.get()
    store_events(str(row.pk), row.payload)


def promise(handler: str = "kitchen.burnt", **fields: Any) -> Delivery:
    """A delivery of the first event."""
    now = timezone.now()
    event = Event.objects.order_by("seq").first()
    return Delivery.objects.create(
        event=event, handler=handler, queue="feed", created_at=now, due_at=now, **fields
    )


def _found(operator: Client, search: str) -> set[UUID]:
    page = operator.get(reverse("admin:events_event_changelist"), {"q": search})
    return {event.event_id for event in page.context["cl"].result_list}


def test_events_are_found_by_type_actor_room_and_id(operator: Client) -> None:
    alices = Event.objects.get(actor=ALICE)
    bobs = Event.objects.get(actor=BOB)
    created = Event.objects.get(type="ROOM_CREATED")
    assert _found(operator, str(ALICE)) == {alices.event_id}
    assert _found(operator, "room_created") == {created.event_id}
    assert _found(operator, str(ROOM)) == {alices.event_id, bobs.event_id}
    assert _found(operator, str(bobs.event_id)) == {bobs.event_id}
    assert _found(operator, f"{BOB} SHIP_HIT") == {bobs.event_id}
    assert _found(operator, "pepperoni") == set()


def test_no_search_or_page_counts_the_whole_log(operator: Client) -> None:
    for query in ({}, {"q": str(ALICE)}, {"kind": "ROOM_CREATED"}):
        with CaptureQueriesContext(connection) as captured:
            operator.get(reverse("admin:events_event_changelist"), query)
        counts = [
            entry["sql"] for entry in captured if "COUNT(" in entry["sql"] and "events_event" in entry["sql"]
        ]
        assert all("LIMIT 10000" in sql for sql in counts)


@pytest.mark.parametrize("model", ["event", "score", "refusedevent", "outbox", "delivery"])
def test_rows_are_looked_at_and_never_changed(operator: Client, model: str) -> None:
    owe([hit()])
    promise()
    models = (Event, Score, RefusedEvent, Outbox, Delivery)
    row: Any = next(kind for kind in models if kind._meta.model_name == model).objects.first()
    assert operator.get(reverse(f"admin:events_{model}_changelist")).status_code == 200
    change = reverse(f"admin:events_{model}_change", args=[row.pk])
    assert operator.get(change).status_code == 200
    assert operator.post(change, {}).status_code == 403
    assert operator.get(reverse(f"admin:events_{model}_add")).status_code == 403
    assert (
        operator.post(reverse(f"admin:events_{model}_delete", args=[row.pk]), {"post": "yes"}).status_code
        == 403
    )


def test_a_dead_letter_goes_out_again_only_after_a_yes(operator: Client) -> None:
    outbox_id = owe([hit()])
    Outbox.objects.update(failed_at=timezone.now(), failures=8, error="ValueError: the oven is cold")
    address = reverse("admin:events_outbox_changelist")
    asked = {"action": "send_again", "_selected_action": [str(outbox_id)]}
    page = operator.post(address, asked)
    assert "the oven is cold" in page.content.decode()
    assert Outbox.objects.get().failed_at is not None
    operator.post(address, {**asked, "confirmed": "yes"})
    assert Outbox.objects.get().failed_at is None


def test_a_dead_delivery_is_found_and_goes_out_again_after_a_yes(operator: Client) -> None:
    dead = promise(failed_at=timezone.now(), attempts=8, error="ValueError: the oven is cold")
    promise(handler="kitchen.sound", done_at=timezone.now())
    address = reverse("admin:events_delivery_changelist")
    page = operator.get(address, {"state": "dead"})
    assert [row.pk for row in page.context["cl"].result_list] == [dead.pk]
    assert "the oven is cold" in page.content.decode()
    for state, count in (("done", 1), ("owed", 0)):
        query = {"state": state, "q": "kitchen."}
        assert len(operator.get(address, query).context["cl"].result_list) == count
    for search, count in (
        ("kitchen.", 2),
        ("kitchen.burnt", 1),
        (f"{dead.event_id} kitchen", 2),
        ("nobody", 0),
    ):
        assert len(operator.get(address, {"q": search}).context["cl"].result_list) == count
    asked = {"action": "send_again", "_selected_action": [str(dead.pk)]}
    assert "kitchen.burnt" in operator.post(address, asked).content.decode()
    dead.refresh_from_db()
    assert dead.failed_at is not None
    operator.post(address, {**asked, "confirmed": "yes"})
    dead.refresh_from_db()
    assert dead.failed_at is None
    assert dead.attempts == 0


def test_a_player_sees_none_of_it(client: Client) -> None:
    assert client.get(reverse("admin:events_event_changelist")).status_code == 302


def test_a_refused_event_is_judged_again_on_an_operators_word(operator: Client) -> None:
    refused = RefusedEvent.objects.get()
    asked = {"action": "judge_again", "_selected_action": [str(refused.pk)]}
    address = reverse("admin:events_refusedevent_changelist")
    assert "1 are judged again" in operator.post(address, asked, follow=True).content.decode()
    row = Outbox.objects.get()
    store_events(str(row.pk), row.payload)
    again = RefusedEvent.objects.get()
    assert (again.event_id, again.reason) == (refused.event_id, refused.reason)
    asked["_selected_action"] = [str(again.pk)]
    operator.post(address, asked)
    players.register_player_check(lambda ids: ids)
    row = Outbox.objects.get()
    store_events(str(row.pk), row.payload)
    assert Event.objects.filter(event_id=refused.event_id).exists()
    assert not RefusedEvent.objects.exists()
