"""Every mail that we send, one function each. Called by a worker; raises when the mail server refuses.

`site` is the address of the site as its sender saw it, such as `https://pizza.example`, without a slash.
"""

from typing import Any

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import codes, selectors
from accounts.links import mails_off_path
from accounts.models import User


def welcome(*, user: int, site: str) -> None:
    """After a sign-up, once."""
    member = User.objects.get(pk=user)
    profile = reverse("profile", args=[member.handle])
    _send("welcome", member.email, site, name=member.name, profile_url=site + profile)


def sign_up(*, email: str, nonce: str, site: str) -> None:
    """Answers a sign-up: only the mailbox's owner learns whether the address has an account."""
    if selectors.member_by_email(email) is None:
        verification(email=email, nonce=nonce, site=site)
    else:
        already_registered(email=email, site=site)


def verification(*, email: str, nonce: str, site: str) -> None:
    """The code that finishes a sign-up."""
    _send("verification", email, site, code=codes.code_for(nonce=nonce, email=email))


def already_registered(*, email: str, site: str) -> None:
    """Somebody signed up with an address that is a member's: tell the member, nobody else."""
    _send(
        "already_registered",
        email,
        site,
        login_url=site + reverse("account_login"),
        reset_url=site + reverse("account_reset_password"),
    )


def reset(*, email: str, site: str) -> None:
    """The link that sets a new password. A stranger's or a banned member's address gets no mail."""
    member = selectors.member_by_email(email)
    if member is None or not member.is_active or member.banned_at:
        return
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(member)
    path = reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(member), "key": token}
    )
    _send("reset", member.email, site, name=member.name, reset_url=site + path)


def password_changed(*, user: int, site: str) -> None:
    """After a password was changed or reset, so that a theft is noticed."""
    member = User.objects.get(pk=user)
    reset_url = site + reverse("account_reset_password")
    _send("password_changed", member.email, site, name=member.name, reset_url=reset_url)


def invitation_thanks(*, user: int, came: int, site: str) -> None:
    """Whom this player invited has signed up. Guests have no address, and who wants no mail gets none."""
    members = User.objects.filter(is_guest=False, banned_at=None)
    inviter = members.filter(pk=user, invitation_mails=True).first()
    friend = members.filter(pk=came).first()
    if inviter is None or friend is None:
        return
    off_url = site + mails_off_path(inviter.pk)
    # RFC 8058: mail programs offer their own button for it.
    headers = {"List-Unsubscribe": f"<{off_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    _send(
        "invitation_thanks",
        inviter.email,
        site,
        headers=headers,
        name=inviter.name,
        friend=friend.name,
        friend_url=site + reverse("profile", args=[friend.handle]),
        off_url=off_url,
    )


def webhook_disabled(*, user: int, site: str, host: str, reason: str) -> None:
    """An endpoint of this user's gets no more webhooks."""
    member = User.objects.get(pk=user)
    _send("webhook_disabled", member.email, site, name=member.name, host=host, reason=reason)


ALL = (welcome, sign_up, reset, password_changed, invitation_thanks, webhook_disabled)
MAILS = {mail.__name__: mail for mail in ALL}


def _send(
    template: str, to: str | None, site: str, *, headers: dict[str, str] | None = None, **context: Any
) -> None:
    """Render `templates/email/<template>_{subject.txt,body.txt,body.html}` and hand it to the mail server."""
    if not to:
        return
    context |= {"site": site}
    subject = " ".join(render_to_string(f"email/{template}_subject.txt", context).split())
    text = render_to_string(f"email/{template}_body.txt", context)
    message = EmailMultiAlternatives(subject, text, to=[to], headers=headers)
    message.attach_alternative(render_to_string(f"email/{template}_body.html", context), "text/html")
    message.send()
