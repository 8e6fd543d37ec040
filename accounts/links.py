"""The address of this site, and links that leave it."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Invitation

_MAILS_OFF = "accounts.mails_off"


def site_of(request: HttpRequest) -> str:
    """Such as `https://pizza.example`: `BASE_URL` if it is set, else the host that was asked."""
    return (settings.BASE_URL or request.build_absolute_uri("/")).rstrip("/")


def invitation_url(request: HttpRequest, invitation: Invitation) -> str:
    """What a player sends to somebody."""
    return site_of(request) + reverse("invitation", args=[invitation.code])


def mails_off_path(user_id: int) -> str:
    """The page that ends mails about invitations, for whoever has the mail: it asks for no password."""
    return reverse("mails_off", args=[signing.dumps(user_id, salt=_MAILS_OFF)])


def reader_of(token: str) -> int:
    """Whose link it is. `signing.BadSignature` if we did not write it."""
    return int(signing.loads(token, salt=_MAILS_OFF))
