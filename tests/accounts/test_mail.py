"""Mail goes through the outbox: sent once, tried again, and given up where an operator sees it."""

import json
from collections.abc import Callable

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from accounts import mails, post, tasks
from accounts.models import User
from events import outbox
from events.models import Outbox

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Deliver = Callable[[], list]


@pytest.fixture
def row(alice: User) -> Outbox:
    post.owe("welcome", user=alice.pk, site="https://pizza.example")
    return Outbox.objects.get()


@pytest.fixture
def broken_server(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """A mail server that refuses everything until the returned function mends it."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError("the mail server is away")

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)
    return monkeypatch.undo


def test_a_mail_belongs_to_the_transaction_that_owes_it(alice: User) -> None:
    with transaction.atomic():
        post.owe("welcome", user=alice.pk, site="https://pizza.example")
        transaction.set_rollback(True)
    assert not Outbox.objects.exists()


def test_the_mail_goes_to_its_queue(row: Outbox) -> None:
    assert (row.task, row.queue) == (tasks.deliver_mail.name, "email")


def test_a_mail_that_went_out_is_owed_no_more(row: Outbox, alice: User) -> None:
    tasks.deliver_mail(str(row.pk), row.payload)
    (sent,) = mail.outbox
    assert sent.to == ["alice@example.com"]
    assert not Outbox.objects.exists()


def test_a_copy_of_the_message_sends_nothing(row: Outbox) -> None:
    for _ in range(3):
        tasks.deliver_mail(str(row.pk), row.payload)
    assert len(mail.outbox) == 1


def test_a_copy_that_comes_while_the_mail_is_being_sent_sends_nothing(
    row: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = mails.MAILS["welcome"]

    def send_slowly(**order: object) -> None:
        tasks.deliver_mail(str(row.pk), row.payload)
        send(**order)

    monkeypatch.setitem(mails.MAILS, "welcome", send_slowly)
    tasks.deliver_mail(str(row.pk), row.payload)
    assert len(mail.outbox) == 1


def test_a_refused_mail_is_tried_again_later_and_then_sent(
    row: Outbox, broken_server: Callable[[], None]
) -> None:
    tasks.deliver_mail(str(row.pk), row.payload)
    waiting = Outbox.objects.get()
    assert waiting.failures == 1
    assert waiting.due_at > row.due_at
    assert "the mail server is away" in waiting.error
    broken_server()
    tasks.deliver_mail(str(row.pk), row.payload)
    assert len(mail.outbox) == 1
    assert not Outbox.objects.exists()


def test_a_mail_that_never_works_is_given_up_and_kept_for_an_operator(
    row: Outbox, broken_server: Callable[[], None]
) -> None:
    for _ in range(outbox.MAX_FAILURES):
        tasks.deliver_mail(str(row.pk), row.payload)
    given_up = Outbox.objects.get(pk=row.pk)
    assert given_up.failed_at is not None


def test_an_order_for_a_mail_that_does_not_exist_is_a_failure_not_a_crash(row: Outbox) -> None:
    Outbox.objects.update(payload=json.dumps({"mail": "spam"}))
    row.refresh_from_db()
    tasks.deliver_mail(str(row.pk), row.payload)
    assert "KeyError" in Outbox.objects.get().error


@pytest.mark.parametrize("name", ["welcome", "password_changed"])
def test_a_name_is_escaped_in_html_and_plain_in_text(alice: User, name: str) -> None:
    User.objects.filter(pk=alice.pk).update(name="<b>Al</b> & co")
    mails.MAILS[name](user=alice.pk, site="https://pizza.example")
    (sent,) = mail.outbox
    html = sent.alternatives[0].content
    assert "<b>Al</b> & co" in sent.body
    assert "&lt;b&gt;Al&lt;/b&gt; &amp; co" in html
    assert "<b>Al" not in html


def test_every_mail_has_a_text_an_html_part_and_links_to_this_site(alice: User) -> None:
    site = "https://pizza.example"
    mails.welcome(user=alice.pk, site=site)
    mails.verification(email="new@example.com", nonce="n", site=site)
    mails.already_registered(email="alice@example.com", site=site)
    mails.reset(email="alice@example.com", site=site)
    mails.password_changed(user=alice.pk, site=site)
    assert len(mail.outbox) == 5
    for sent in mail.outbox:
        assert sent.subject
        assert site in sent.body
        assert site in sent.alternatives[0].content
        assert "{" not in sent.body + sent.subject


def test_a_banned_member_gets_no_reset_mail(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(banned_at="2026-01-01T00:00:00Z")
    mails.reset(email="alice@example.com", site="https://pizza.example")
    assert mail.outbox == []
