"""What accounts do when something happened: see `events/subscribing.py`."""

from typing import cast

from django.conf import settings

from accounts import invitations, post
from events.contracts import UserCreated, WebhookDisabled
from events.subscribing import Occurred, subscribe


@subscribe("USER_CREATED", queue="email")
def welcome_new_member(event: Occurred) -> None:
    """Owe it to whoever signed up on a page of ours: guests have no address, seeded players no site."""
    created = cast(UserCreated, event.data)
    if event.actor is not None and created.site and not created.guest:
        post.owe("welcome", user=event.actor, site=created.site)


@subscribe("USER_CREATED", queue="email")
def thank_inviter(event: Occurred) -> None:
    """Owe a mail to whoever's invitation brought a new member, unless they had many of them today."""
    created = cast(UserCreated, event.data)
    if event.actor is None or created.invited_by is None or not created.site:
        return
    if invitations.may_be_thanked(created.invited_by):
        post.owe("invitation_thanks", user=created.invited_by, came=event.actor, site=created.site)


@subscribe("WEBHOOK_DISABLED", queue="email")
def tell_of_disabled_webhook(event: Occurred) -> None:
    """Owe a mail to the endpoint's owner, who must mend the receiver before anybody switches it on again."""
    disabled = cast(WebhookDisabled, event.data)
    if event.actor is not None:
        post.owe(
            "webhook_disabled",
            user=event.actor,
            site=settings.BASE_URL,
            host=disabled.host,
            reason=disabled.reason,
        )
