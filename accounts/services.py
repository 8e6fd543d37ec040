"""Every change to a player, each in one transaction. Others hear of it only after the commit."""

from functools import partial
from random import SystemRandom
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import invitations
from accounts.errors import BadAvatar, EmailTaken
from accounts.limits import require
from accounts.models import COLOURS, MARKS, User
from accounts.names import clean_name, handle_for, random_name
from events.contracts import UserCreated
from events.feed.services import people_changed
from events.live import broadcast
from events.services import publish

SOURCE = "accounts"
# A whole party behind one router presses Play in the same minute; nobody needs more.
GUESTS_PER_MINUTE = 60
GUESTS_PER_DAY = 2000
_HANDLE_TRIES = 8
_random = SystemRandom()


def create_guest(*, request_ip: str | None = None, invitation: str = "") -> User:
    """A new player with a friendly name, a colour and a mark. `TooMany` when `request_ip` made a crowd.

    `invitation` is the code by which they came, if by any.
    """
    if request_ip is not None:
        require(f"guests/minute/{request_ip}", limit=GUESTS_PER_MINUTE, per_seconds=60)
        require(f"guests/day/{request_ip}", limit=GUESTS_PER_DAY, per_seconds=86_400)
    with transaction.atomic():
        user = _insert_player()
        invitations.note_arrival(user=user, code=invitation)
        publish(type="USER_CREATED", actor=user.pk, data=UserCreated(guest=True), source=SOURCE)
    return user


def sign_up(*, guest: User | None, email: str, password_hash: str, site: str, invitation: str = "") -> User:
    """Make a member: of `guest`, who keeps every point, or of nobody yet. `email` is proven to be theirs.

    `invitation` is the code by which they came, if by any; now it counts.

    Doing it a second time changes nothing and says nothing. `EmailTaken` if another account has the address.
    """
    email = email.lower()
    try:
        with transaction.atomic():
            user = User.objects.select_for_update().get(pk=guest.pk) if guest else _insert_player()
            if user.is_guest:
                _make_member(user, email, password_hash)
                invited_by = invitations.count_arrival(user=user, code=invitation)
                data = UserCreated(guest=False, site=site, invited_by=invited_by)
                publish(type="USER_CREATED", actor=user.pk, data=data, source=SOURCE)
    except IntegrityError as error:
        # The same form, sent twice at once: a salted hash is of one sign-up only.
        twin = User.objects.filter(email=email, password=password_hash).first()
        if twin is None:
            raise EmailTaken("That address belongs to another player already.") from error
        return twin
    return user


def rename(*, user: User, name: str) -> str:
    """Give `user` a new name and return it cleaned. `BadName` says what is wrong with it."""
    user.name = clean_name(name)
    _save_and_tell(user, ["name"], kind="profile")
    return user.name


def set_avatar(*, user: User, colour: int, mark: int) -> None:
    """Give `user` a colour and a mark, each an index below 12. `BadAvatar` otherwise."""
    if not (0 <= colour < COLOURS and 0 <= mark < MARKS):
        raise BadAvatar("Pick one of the colours and one of the marks in the box.")
    user.colour, user.mark = colour, mark
    _save_and_tell(user, ["colour", "mark"], kind="profile")


def set_invitation_mails(*, user: User, wanted: bool) -> None:
    """Whether `user` gets a mail when somebody came by their link."""
    user.invitation_mails = wanted
    user.save(update_fields=["invitation_mails"])


def ban(*, user: User, reason: str) -> bool:
    """Shut `user` out: no login, no page, no socket. False if they were banned already."""
    return _set_ban(user, kind="ban", banned_at=timezone.now(), ban_reason=reason.strip()[:200])


def unban(*, user: User) -> bool:
    """Let `user` play again. False if they were not banned."""
    return _set_ban(user, kind="profile", banned_at=None, ban_reason="")


def _insert_player() -> User:
    """A guest's row. A handle may be taken, so several are tried, with more digits each time."""
    name = random_name(_random)
    for attempt in range(_HANDLE_TRIES):
        handle = handle_for(name, digits=4 + attempt, random=_random)
        try:
            with transaction.atomic():
                return User.objects.create(
                    handle=handle,
                    name=name,
                    colour=_random.randrange(COLOURS),
                    mark=_random.randrange(MARKS),
                    password=make_password(None),
                )
        except IntegrityError:
            continue
    raise RuntimeError("no free handle was found")


def _make_member(user: User, email: str, password_hash: str) -> None:
    user.email, user.password, user.is_guest = email, password_hash, False
    user.save(update_fields=["email", "password", "is_guest"])
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)


def _set_ban(user: User, *, kind: str, **fields: Any) -> bool:
    """One conditional UPDATE, so that two operators at once make one change."""
    changes = fields["banned_at"] is not None
    with transaction.atomic():
        rows = User.objects.filter(pk=user.pk, banned_at__isnull=changes).update(**fields)
        if rows:
            _tell(user.pk, kind)
            people_changed()
    user.refresh_from_db(fields=list(fields))
    return bool(rows)


def _save_and_tell(user: User, fields: list[str], *, kind: str) -> None:
    with transaction.atomic():
        user.save(update_fields=fields)
        _tell(user.pk, kind)


def _tell(user_id: int, kind: str) -> None:
    transaction.on_commit(partial(broadcast, f"user.{user_id}", {"kind": kind}))
