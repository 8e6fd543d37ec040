"""Operators register, rotate, test and switch off; a secret is shown once, and a source's never."""

import re
from io import StringIO
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from events import players
from events.models import Outbox
from events.webhooks import endpoints, sending
from events.webhooks.delivering import deliver
from events.webhooks.models import Endpoint, Received, Sending, Source
from events.webhooks.posting import Outcome
from events.webhooks.receiving import event_of
from tests.webhooks.conftest import NOW, OLDER, SECRET, endpoint_for

pytestmark = [pytest.mark.django_db]

URL = "https://hooks.example.org/pizza"
ENDPOINTS = "admin:webhooks_endpoint_changelist"


@pytest.fixture(autouse=True)
def _plain_static_files(plain_static: None) -> None:
    """Hashed names need `collectstatic`, which pages under test do not."""


@pytest.fixture
def operator() -> User:
    user = User.objects.create_superuser("op@example.com", "pw", handle="op", name="Op")
    players.register_player_check(lambda ids: ids & {user.pk, 7})
    return user


@pytest.fixture
def kitchen(operator: User) -> Client:
    client = Client()
    client.force_login(operator, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def secrets_in(page: Any) -> list[str]:
    return re.findall(r"whsec_[A-Za-z0-9+/=]+", page.content.decode())


def act(kitchen: Client, action: str, *rows: Any, **fields: str) -> Any:
    chosen = [str(row.pk) for row in rows]
    data = {"action": action, "_selected_action": chosen, **fields}
    name = rows[0]._meta.model_name
    return kitchen.post(reverse(f"admin:webhooks_{name}_changelist"), data, follow=True)


def test_an_endpoint_is_registered_and_its_secret_shown_once(kitchen: Client, operator: User) -> None:
    form = kitchen.get(reverse("admin:webhooks_endpoint_add"))
    assert "ROOM_CREATED" in form.content.decode()
    fields = {"owner": operator.pk, "url": URL, "types": ["ROOM_CREATED"], "description": "Big screen"}
    page = kitchen.post(reverse("admin:webhooks_endpoint_add"), fields)
    endpoint = Endpoint.objects.get()
    assert secrets_in(page) == endpoint.secrets(NOW)
    assert "no-store" in page.headers["Cache-Control"]
    change = reverse("admin:webhooks_endpoint_change", args=[endpoint.pk])
    for page in (kitchen.get(change), kitchen.get(reverse(ENDPOINTS))):
        assert page.status_code == 200
        assert not secrets_in(page)
        assert endpoint.sealed_secret not in page.content.decode()
    kitchen.post(change, {**fields, "types": ["ROOM_FAILED"]})
    endpoint.refresh_from_db()
    assert endpoint.types == ["ROOM_FAILED"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "https://169.254.169.254/"}, "not public"),
        ({"owner": "404"}, "no user 404"),
        ({"types": ["SHIP_HIT"]}, "SHIP_HIT"),
    ],
)
def test_an_endpoint_that_cannot_be_is_refused_in_the_form(
    kitchen: Client, change: dict[str, Any], words: str
) -> None:
    fields = {"owner": 7, "url": URL, "types": ["ROOM_CREATED"], **change}
    page = kitchen.post(reverse("admin:webhooks_endpoint_add"), fields)
    assert words in page.content.decode()
    assert not Endpoint.objects.exists()


def test_what_a_worker_finds_out_while_an_operator_types_stays(
    kitchen: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = endpoint_for(URL)

    def disabled_meanwhile(**typed: Any) -> None:
        endpoints.disable(endpoint=endpoint, reason=endpoints.GONE)

    monkeypatch.setattr(endpoints, "check", disabled_meanwhile)
    fields = {"owner": 7, "url": URL, "types": ["ROOM_FAILED"], "description": "New"}
    kitchen.post(reverse("admin:webhooks_endpoint_change", args=[endpoint.pk]), fields)
    endpoint.refresh_from_db()
    assert (endpoint.description, endpoint.state, endpoint.reason) == ("New", "disabled", endpoints.GONE)


def test_a_rotation_asks_first_and_shows_the_new_secret_once(kitchen: Client) -> None:
    endpoint = endpoint_for(URL)
    asked = act(kitchen, "rotate_secret", endpoint)
    assert "Rotate these secrets?</b> For a day" in asked.content.decode()
    shown = act(kitchen, "rotate_secret", endpoint, confirmed="yes")
    endpoint.refresh_from_db()
    assert endpoint.secrets(timezone.now()) == [*secrets_in(shown), SECRET]
    assert LogEntry.objects.get().get_change_message() == "Rotated the secret"


def test_a_test_is_sent_and_each_attempt_can_be_seen(kitchen: Client) -> None:
    endpoint = endpoint_for(URL)
    act(kitchen, "send_test", endpoint)
    row = Sending.objects.get()
    assert row.type == "WEBHOOK_TEST"
    answers = lambda *arguments, **named: Outcome(503, 41, "<b>oven cold</b>")  # noqa: E731
    deliver(sending_id=row.pk, attempts=0, post=answers)
    page = kitchen.get(reverse("admin:webhooks_sending_change", args=[row.pk])).content.decode()
    assert "503" in page
    assert "&lt;b&gt;oven cold&lt;/b&gt;" in page
    assert URL in kitchen.get(reverse("admin:webhooks_attempt_changelist")).content.decode()
    shown = f"{reverse('admin:webhooks_sending_changelist')}?q={endpoint.pk}"
    for url in (reverse(ENDPOINTS), reverse("admin:webhooks_endpoint_change", args=[endpoint.pk])):
        assert shown in kitchen.get(url).content.decode()
    for name in ("received", "source"):
        assert kitchen.get(reverse(f"admin:webhooks_{name}_changelist")).status_code == 200
    for term, count in ((row.pk, 1), (endpoint.pk, 1), (row.event_id, 1), ("nothing", 0)):
        found = kitchen.get(reverse("admin:webhooks_sending_changelist"), {"q": str(term)})
        assert found.context["cl"].result_count == count


def test_what_was_given_up_is_sent_again_by_a_button(kitchen: Client) -> None:
    row = sending.send_test(endpoint=endpoint_for(URL), now=NOW)
    Sending.objects.update(state="failed")
    act(kitchen, "send_again", row)
    row.refresh_from_db()
    assert row.state == "owed"


def test_switching_off_asks_first_gives_up_what_is_owed_and_can_be_undone(kitchen: Client) -> None:
    endpoint = endpoint_for(URL)
    row = sending.send_test(endpoint=endpoint, now=NOW)
    assert "owners get a mail" in act(kitchen, "switch_off", endpoint).content.decode()
    act(kitchen, "switch_off", endpoint, confirmed="yes")
    endpoint.refresh_from_db()
    row.refresh_from_db()
    assert (endpoint.state, row.state) == ("disabled", "failed")
    assert endpoints.SWITCHED_OFF in kitchen.get(reverse(ENDPOINTS)).content.decode()
    assert Outbox.objects.filter(payload__contains="WEBHOOK_DISABLED").count() == 1
    act(kitchen, "switch_on", endpoint)
    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.reason) == ("active", "")


def test_nothing_is_deleted(kitchen: Client) -> None:
    endpoint = endpoint_for(URL)
    for name, pk in (("endpoint", endpoint.pk), ("source", _source(kitchen).pk)):
        assert kitchen.post(reverse(f"admin:webhooks_{name}_delete", args=[pk])).status_code == 403


def _source(kitchen: Client, **changes: str) -> Source:
    fields = {"name": "shop", "scheme": "standard", "new_secret": OLDER, "active": "on", **changes}
    kitchen.post(reverse("admin:webhooks_source_add"), fields)
    return Source.objects.get()


def test_a_sources_secret_is_written_and_never_read(kitchen: Client, settings: Any) -> None:
    settings.BASE_URL = "https://pizza.example"
    shop = _source(kitchen)
    assert shop.secrets(NOW) == [OLDER]
    change = reverse("admin:webhooks_source_change", args=[shop.pk])
    page = kitchen.get(change).content.decode()
    assert "SHOP_INCOMING_WEBHOOK" in page
    assert "https://pizza.example/webhooks/incoming/shop/" in page
    for text in (OLDER, shop.sealed_secret):
        assert text not in page
    kitchen.post(change, {"scheme": "standard", "new_secret": SECRET, "active": "on"})
    shop.refresh_from_db()
    assert shop.secrets(timezone.now()) == [SECRET, OLDER]
    kitchen.post(
        change, {"scheme": "standard", "new_secret": "", "previous_until_0": "", "previous_until_1": ""}
    )
    shop.refresh_from_db()
    assert (shop.active, shop.secrets(timezone.now())) == (False, [SECRET])


@pytest.mark.parametrize(
    "changes",
    [
        {"new_secret": ""},
        {"new_secret": "not a whsec"},
        {"name": "Shop!"},
        {"name": "9lives"},
        {"name": "a" * 21},
        {"scheme": "plain"},
        {"scheme": "plain", "header": "X Sign"},
    ],
)
def test_a_source_that_could_not_verify_anything_is_refused(kitchen: Client, changes: dict[str, str]) -> None:
    fields = {"name": "shop", "scheme": "standard", "new_secret": SECRET, "active": "on", **changes}
    page = kitchen.post(reverse("admin:webhooks_source_add"), fields)
    assert page.status_code == 200
    assert SECRET not in page.content.decode()
    assert not Source.objects.exists()


def test_what_came_is_looked_at_and_not_changed(kitchen: Client) -> None:
    shop = _source(kitchen)
    row = Received.objects.create(source=shop, key="msg_1", body='{"a":1}', received_at=NOW)
    page = kitchen.get(reverse("admin:webhooks_received_change", args=[row.pk])).content.decode()
    assert "msg_1" in page
    assert f"{reverse('admin:events_delivery_changelist')}?q={event_of(row)}" in page
    assert kitchen.post(reverse("admin:webhooks_received_change", args=[row.pk]), {}).status_code == 403


def run(*arguments: Any) -> str:
    output = StringIO()
    call_command("webhooks", *map(str, arguments), stdout=output)
    return output.getvalue().strip()


def test_the_command_does_what_the_console_does(operator: User) -> None:
    pk, secret = run("add", URL, "--owner", operator.pk, "--type", "ROOM_CREATED").split()
    endpoint = Endpoint.objects.get(pk=pk)
    assert endpoint.secrets(NOW) == [secret]
    assert run("list") == f"{pk} active {URL} ROOM_CREATED"
    Endpoint.objects.update(failing_since=NOW)
    assert run("list") == f"{pk} active {URL} ROOM_CREATED failing since 2026-06-01 12:00 UTC"
    rotated = run("rotate", pk)
    endpoint.refresh_from_db()
    assert endpoint.secrets(timezone.now()) == [rotated, secret]
    assert run("test", pk) == str(Sending.objects.get().pk)
    run("off", pk)
    assert run("list") == f"{pk} disabled {URL} ROOM_CREATED An operator switched it off."
    with pytest.raises(CommandError, match="Switch it on"):
        run("test", pk)
    run("on", pk)
    assert run("list").split()[1] == "active"
    with pytest.raises(CommandError, match="not public"):
        run("add", "https://10.1.1.1/", "--owner", operator.pk, "--type", "ROOM_CREATED")
    with pytest.raises(CommandError, match="no such endpoint"):
        run("test", "00000000-0000-0000-0000-000000000000")
