"""Invitations: a player's link, and who came by it.

Whoever opens a link has its code in their session, until they are somebody: a guest's arrival is noted when
the guest is made, and counts when they sign up. What counts is said by `USER_CREATED`; thanks, feed and
whatever else wants to know subscribe to it.
"""

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Arrival, Invitation, User

SESSION_KEY = "invitation"
CODE_BYTES = 16  # 128 bits: nobody guesses one
# Somebody whose link stands under a film that a million see wants to know, but not by a thousand mails.
THANKS_A_DAY = 10


def link_of(user: User) -> Invitation:
    """The player's open invitation, made if there is none."""
    found = Invitation.objects.filter(inviter=user, revoked_at=None).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Invitation.objects.create(inviter=user, code=secrets.token_urlsafe(CODE_BYTES))
    except IntegrityError:  # the same page was opened twice in the same moment
        return Invitation.objects.get(inviter=user, revoked_at=None)


def renew(*, user: User) -> Invitation:
    """Close the player's link, for one that got into the wrong hands, and give another."""
    with transaction.atomic():
        Invitation.objects.filter(inviter=user, revoked_at=None).update(revoked_at=timezone.now())
        return link_of(user)


def find(code: str) -> Invitation | None:
    """The open invitation with this code, of somebody who is welcome here themselves."""
    found = Invitation.objects.filter(code=code, revoked_at=None, inviter__banned_at=None)
    return found.select_related("inviter").first()


def remember(request: HttpRequest, invitation: Invitation) -> None:
    """Keep it until this visitor is somebody. The last link that was opened is the one that counts."""
    request.session[SESSION_KEY] = invitation.code


def remembered(request: HttpRequest) -> str:
    """The code of the invitation by which this visitor came; empty if by none."""
    return str(request.session.get(SESSION_KEY, ""))


def forget(request: HttpRequest) -> None:
    """It has been used."""
    request.session.pop(SESSION_KEY, None)


def note_arrival(*, user: User, code: str) -> None:
    """Note in the caller's transaction by whose invitation `user` came: the first one, and not their own."""
    invitation = find(code) if code else None
    if invitation is None or _is_no_guest_of(invitation.inviter_id, user.pk):
        return
    Arrival.objects.get_or_create(
        user=user, defaults={"invitation": invitation, "inviter_id": invitation.inviter_id}
    )


def count_arrival(*, user: User, code: str) -> int | None:
    """`user` signed up, in the caller's transaction: who invited them, if anybody did who may be thanked."""
    note_arrival(user=user, code=code)
    arrival = Arrival.objects.select_related("inviter").filter(user=user, signed_up_at=None).first()
    if arrival is None:
        return None
    arrival.signed_up_at = timezone.now()
    arrival.save(update_fields=["signed_up_at"])
    return None if arrival.inviter.banned_at else arrival.inviter_id


def brought(user: User) -> int:
    """How many have signed up by the player's invitations."""
    return Arrival.objects.filter(inviter=user, signed_up_at__isnull=False).count()


def may_be_thanked(inviter: int) -> bool:
    """Whether one more mail today is not too many."""
    lately = timezone.now() - timedelta(days=1)
    return Arrival.objects.filter(inviter=inviter, signed_up_at__gte=lately).count() <= THANKS_A_DAY


def _is_no_guest_of(inviter: int, user: int) -> bool:
    """Nobody invites themselves, or those who invited them."""
    return inviter == user or Arrival.objects.filter(user=inviter, inviter=user).exists()
