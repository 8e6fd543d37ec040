"""Invitations: a link, who came by it, thanks once; and what mallory tries with it."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from accounts import invitations, mails, services
from accounts.models import Arrival, Invitation, User
from events.models import Event
from tests.accounts.conftest import SITE, code_in, owed

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Deliver = Callable[[], list]


@pytest.fixture
def link(alice: User) -> str:
    """The path of alice's link."""
    return f"/i/{invitations.link_of(alice).code}/"


def join(client: Client, deliver: Deliver, email: str, password: str) -> User:
    """Sign up with the code from the mail."""
    client.post("/accounts/signup/", {"email": email, "password1": password})
    letter = next(letter for letter in deliver() if letter.to == [email])
    client.post("/accounts/confirm-email/", {"code": code_in(letter)})
    return User.objects.get(email=email)


def invited_by(user: User) -> int | None:
    """What the log says of the sign-up."""
    event = Event.objects.filter(type="USER_CREATED", actor=user.pk, data__guest=False).get()
    return event.data["invited_by"]


def test_my_page_shows_a_link_that_stays_the_same(alice_browser: Client, alice: User) -> None:
    first, second = (alice_browser.get("/me/").content.decode() for _ in range(2))
    found = re.findall(r'data-copy="http://testserver(/i/[\w-]+/)"', first)
    assert found == re.findall(r'data-copy="http://testserver(/i/[\w-]+/)"', second)
    assert Invitation.objects.filter(inviter=alice).count() == 1
    assert len(Invitation.objects.get().code) >= 22


def test_the_link_has_a_qr_code_of_its_owners_alone(alice_browser: Client, mallory: Client) -> None:
    assert alice_browser.get("/me/invitation.svg")["Content-Type"] == "image/svg+xml"
    assert mallory.get("/me/invitation.svg").status_code == 404


def test_whoever_opens_it_is_told_who_invites_and_may_play(mallory: Client, link: str, alice: User) -> None:
    page = mallory.get(link).content.decode()
    assert alice.name in page
    assert 'action="/play/"' in page


def test_a_stranger_who_signs_up_by_it_is_remembered_and_the_inviter_thanked_once(
    mallory: Client, link: str, alice: User, deliver: Deliver, password: str
) -> None:
    mallory.get(link)
    friend = join(mallory, deliver, "friend@example.com", password)
    thanks, welcome = sorted(deliver(), key=lambda letter: letter.to)
    assert thanks.to == ["alice@example.com"]
    assert friend.name in thanks.body
    assert welcome.to == ["friend@example.com"]
    assert invited_by(friend) == alice.pk
    assert "friend@example.com" not in thanks.body + thanks.alternatives[0].content
    assert deliver() == []
    assert Arrival.objects.get().signed_up_at is not None


def test_a_guest_counts_when_they_sign_up_and_not_before(
    mallory: Client, link: str, alice: User, deliver: Deliver, password: str
) -> None:
    mallory.get(link)
    mallory.post("/rooms/new/", {})  # makes nobody yet
    mallory.post("/play/")
    arrival = Arrival.objects.get()
    assert (arrival.inviter, arrival.signed_up_at) == (alice, None)
    assert deliver() == []
    assert invitations.brought(alice) == 0
    friend = join(mallory, deliver, "friend@example.com", password)
    assert friend.pk == arrival.user_id
    assert {letter.to[0] for letter in deliver()} == {"alice@example.com", "friend@example.com"}
    assert invitations.brought(alice) == 1


def test_a_guest_who_was_here_before_may_come_by_a_link_too(
    gus_browser: Client, gus: User, link: str, alice: User, deliver: Deliver, password: str
) -> None:
    gus_browser.get(link)
    join(gus_browser, deliver, "gus@example.com", password)
    deliver()
    assert invited_by(gus) == alice.pk


def test_the_first_invitation_of_a_guest_is_the_one_that_counts(
    mallory: Client, link: str, gus: User, alice: User, deliver: Deliver, password: str
) -> None:
    mallory.get(link)
    mallory.post("/play/")
    mallory.get(f"/i/{invitations.link_of(gus).code}/")
    friend = join(mallory, deliver, "friend@example.com", password)
    deliver()
    assert invited_by(friend) == alice.pk
    assert Arrival.objects.count() == 1


def test_a_guest_may_invite_and_gets_no_mail(
    mallory: Client, gus: User, deliver: Deliver, password: str
) -> None:
    mallory.get(f"/i/{invitations.link_of(gus).code}/")
    friend = join(mallory, deliver, "friend@example.com", password)
    assert [letter.to for letter in deliver()] == [["friend@example.com"]]
    assert invited_by(friend) == gus.pk


def test_nobody_invites_themselves(gus_browser: Client, gus: User, deliver: Deliver, password: str) -> None:
    code = invitations.link_of(gus).code
    page = gus_browser.get(f"/i/{code}/").content.decode()
    assert "This one is yours" in page
    assert invitations.SESSION_KEY not in gus_browser.session
    services.sign_up(guest=gus, email="g@example.com", password_hash="!", site=SITE, invitation=code)
    deliver()
    assert invited_by(gus) is None


def test_the_database_refuses_it_too(alice: User) -> None:
    invitation = invitations.link_of(alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        Arrival.objects.create(user=alice, invitation=invitation, inviter=alice)


def test_two_guests_do_not_invite_each_other(gus: User, deliver: Deliver) -> None:
    friend = services.create_guest(invitation=invitations.link_of(gus).code)
    code = invitations.link_of(friend).code
    services.sign_up(guest=gus, email="g@example.com", password_hash="!", site=SITE, invitation=code)
    services.sign_up(guest=friend, email="f@example.com", password_hash="!", site=SITE)
    deliver()
    assert (invited_by(gus), invited_by(friend)) == (None, gus.pk)


def test_a_member_who_opens_a_link_is_nobodys_guest(alice_browser: Client, gus: User) -> None:
    page = alice_browser.get(f"/i/{invitations.link_of(gus).code}/").content.decode()
    assert "regular here already" in page
    assert invitations.SESSION_KEY not in alice_browser.session


@pytest.mark.parametrize("code", ["nonsense", "-", "_" * 40, "a" * 500])
def test_a_bad_link_gives_a_kind_page_and_still_lets_one_play(
    mallory: Client, alice: User, code: str
) -> None:
    answer = mallory.get(f"/i/{code}/")
    assert answer.status_code == 404
    assert "has gone cold" in answer.content.decode()
    assert 'action="/play/"' in answer.content.decode()


def test_a_new_link_closes_the_old_one(
    alice_browser: Client, alice: User, mallory: Client, link: str
) -> None:
    alice_browser.post("/me/", {"action": "invitation"})
    assert mallory.get(link).status_code == 404
    assert mallory.get(f"/i/{invitations.link_of(alice).code}/").status_code == 200
    assert Invitation.objects.filter(revoked_at=None).count() == 1


def test_a_link_that_was_closed_meanwhile_counts_no_more(
    mallory: Client, link: str, alice: User, deliver: Deliver, password: str
) -> None:
    mallory.get(link)
    invitations.renew(user=alice)
    friend = join(mallory, deliver, "friend@example.com", password)
    deliver()
    assert invited_by(friend) is None


def test_whoever_is_banned_invites_nobody_and_is_not_thanked(
    mallory: Client, link: str, alice: User, deliver: Deliver, password: str
) -> None:
    mallory.get(link)
    mallory.post("/play/")
    services.ban(user=alice, reason="trolling")
    assert Client().get(link).status_code == 404
    friend = join(mallory, deliver, "friend@example.com", password)
    assert [letter.to for letter in deliver()] == [["friend@example.com"]]
    assert invited_by(friend) is None


def bring(inviter: User, number: int) -> User:
    return services.sign_up(
        guest=None,
        email=f"friend{number}@example.com",
        password_hash=make_password(None),
        site=SITE,
        invitation=invitations.link_of(inviter).code,
    )


def test_a_crowd_gives_ten_mails_a_day_and_all_are_counted(alice: User, deliver: Deliver) -> None:
    for number in range(invitations.THANKS_A_DAY + 3):
        bring(alice, number)
        deliver_all = deliver()
        assert ("alice@example.com" in [letter.to[0] for letter in deliver_all]) == (
            number < invitations.THANKS_A_DAY
        )
    assert invitations.brought(alice) == invitations.THANKS_A_DAY + 3


def test_who_wants_no_mails_gets_none(alice_browser: Client, alice: User, deliver: Deliver) -> None:
    alice_browser.post("/me/", {"action": "mails"})
    bring(alice, 1)
    assert [letter.to for letter in deliver()] == [["friend1@example.com"]]
    alice_browser.post("/me/", {"action": "mails", "wanted": "yes"})
    bring(alice, 2)
    assert "alice@example.com" in {letter.to[0] for letter in deliver()}


def test_a_link_in_the_mail_ends_them_by_a_press_and_not_by_a_look(
    alice: User, deliver: Deliver, mallory: Client
) -> None:
    bring(alice, 1)
    thanks = next(letter for letter in deliver() if letter.to == ["alice@example.com"])
    address = thanks.extra_headers["List-Unsubscribe"].strip("<>")
    assert address in thanks.body
    path = address.removeprefix(SITE)
    assert "No more of these?" in mallory.get(path).content.decode()
    assert User.objects.get(pk=alice.pk).invitation_mails
    by_itself = Client(enforce_csrf_checks=True)
    assert by_itself.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not User.objects.get(pk=alice.pk).invitation_mails


def test_a_forged_link_ends_nothing(mallory: Client, alice: User) -> None:
    for token in ("x", "MQ:1tX:forged", f"{alice.pk}"):
        assert mallory.post(f"/accounts/mails/off/{token}/").status_code == 404
    assert User.objects.get(pk=alice.pk).invitation_mails


def test_names_in_the_mail_are_text(alice: User, gus: User) -> None:
    User.objects.filter(pk=gus.pk).update(name="<i>G</i>", is_guest=False)
    mails.invitation_thanks(user=alice.pk, came=gus.pk, site="https://pizza.example")
    (sent,) = mail.outbox
    assert "&lt;i&gt;G&lt;/i&gt;" in sent.alternatives[0].content
    assert "https://pizza.example/accounts/mails/off/" in sent.alternatives[0].content


def test_an_event_without_a_site_owes_no_mail(alice: User, gus: User, deliver: Deliver) -> None:
    """Seeded players come from nowhere."""
    services.sign_up(
        guest=gus,
        email="g@example.com",
        password_hash="!",
        site="",
        invitation=invitations.link_of(alice).code,
    )
    assert deliver() == []
    assert owed() == []


def test_an_idle_guest_is_forgotten_with_their_invitation(gus: User, alice: User) -> None:
    friend = services.create_guest(invitation=invitations.link_of(gus).code)
    gus.delete()
    assert not Arrival.objects.filter(user=friend).exists()
    assert User.objects.filter(pk=friend.pk).exists()
