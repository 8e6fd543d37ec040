"""Pages of invitations: the link that somebody opened, its QR code, and the end of mails about it."""

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts import invitations, services
from accounts.links import invitation_url, reader_of
from accounts.models import User
from accounts.qr import qr_code
from accounts.sessions import current_player


@never_cache
@require_safe
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """Say who invited, and remember it. A link that is closed, or never was one, still lets one play."""
    found = invitations.find(code)
    if found is None:
        return render(request, "accounts/invitation.html", {"inviter": None}, status=404)
    player = current_player(request)
    own = player == found.inviter
    if not own and (player is None or player.is_guest):
        invitations.remember(request, found)
    context = {"inviter": found.inviter, "own": own, "member": player is not None and not player.is_guest}
    return render(request, "accounts/invitation.html", context)


@never_cache
@require_safe
def invitation_qr(request: HttpRequest) -> HttpResponse:
    """The player's own link."""
    player = current_player(request)
    if player is None:
        raise Http404("Nobody sits in front of this browser yet.")
    return qr_code(invitation_url(request, invitations.link_of(player)))


@never_cache
@csrf_exempt  # mail programs post here by themselves (RFC 8058); the token is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def mails_off(request: HttpRequest, token: str) -> HttpResponse:
    """No more mails about invitations for whom the token names. Looking at the page changes nothing."""
    try:
        member = User.objects.filter(pk=reader_of(token)).first()
    except signing.BadSignature:
        member = None
    if member is not None and request.method == "POST":
        services.set_invitation_mails(user=member, wanted=False)
    return render(request, "accounts/mails_off.html", {"member": member}, status=200 if member else 404)
