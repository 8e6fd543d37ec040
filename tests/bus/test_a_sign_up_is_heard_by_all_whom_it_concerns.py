"""An account is made, and by subscription alone welcomed, thanked for, shown and kept: on each transport."""

import pytest
from django.core import mail

from accounts import invitations, services, tasks
from accounts.models import User
from events import players
from events.feed import selectors
from events.feed.audiences import PUBLIC, own
from events.models import Delivery, Event, Outbox
from tests.bus.buses import Bus
from tests.support.bus import store_owed

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

SITE = "https://pizza.example"


@pytest.fixture
def alice(bus: Bus, _players: None) -> User:
    """A member with a link; here the app that knows people is asked who they are."""
    from accounts.selectors import known_players

    players.register_player_check(known_players)
    bus.prepare()
    return User.objects.create_user(handle="alice", name="Alice", email="alice@pizza.example", is_guest=False)


def deliver_mails() -> dict[str, str]:
    """Send what is owed; each mail's subject by its receiver."""
    for row in Outbox.objects.filter(task=tasks.deliver_mail.name):
        tasks.deliver_mail(str(row.pk), row.payload)
    return {letter.to[0]: letter.subject for letter in mail.outbox}


def shown(*audiences: str) -> list[str]:
    return [line.kind for line in selectors.page(audiences=audiences).lines]


def test_welcome_thanks_feed_and_log_follow_from_one_event(bus: Bus, alice: User) -> None:
    link = invitations.link_of(alice).code
    guest = services.create_guest(invitation=link)
    services.sign_up(guest=guest, email="bob@pizza.example", password_hash="!", site=SITE)
    assert mail.outbox == []
    store_owed()
    assert shown(PUBLIC) == []  # what is promised, nobody has done yet
    letters = [*bus.take("email"), *bus.take("feed")]
    for letter in [*reversed(letters), *letters]:  # out of order, and each twice
        bus.open(letter)

    assert deliver_mails() == {
        "alice@pizza.example": "Somebody came by your invitation",
        "bob@pizza.example": "Welcome to Space Pizzas",
    }
    assert len(mail.outbox) == 2
    assert shown(PUBLIC) == ["joined"]
    assert shown(*own(alice.pk)) == ["invited"]
    log = Event.objects.filter(type="USER_CREATED", actor=guest.pk).order_by("seq")
    assert [(event.data["guest"], event.data["invited_by"]) for event in log] == [
        (True, None),
        (False, alice.pk),
    ]
    assert not Delivery.objects.filter(queue__in=["email", "feed"], done_at=None).exists()
