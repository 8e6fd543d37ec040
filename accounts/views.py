"""A player's own page, everybody's profile, and the leaderboard."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import directory, invitations, selectors, services
from accounts.forms import AvatarForm, NameForm
from accounts.links import invitation_url
from accounts.models import COLOURS, MARKS, User
from accounts.sessions import current_player
from events.feed import audiences
from events.feed import selectors as feed
from events.paging import before_in
from events.snapshots import snapshot


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Rename, avatar, the way to sign up, and out."""
    player = current_player(request)
    if player is None:
        return render(request, "accounts/nobody.html")
    if request.method != "POST":
        return _me_page(request, player, NameForm(initial={"name": player.name}))
    action = _ME_ACTIONS.get(request.POST.get("action", ""))
    return action(request, player) if action else redirect("me")


@require_safe
def profile(request: HttpRequest, handle: str) -> HttpResponse:
    """Totals and receipts of one player; `?before=` is the receipt after which to go on."""
    player = User.objects.filter(handle=handle).first()
    if player is None:
        return render(request, "accounts/no_such_player.html", status=404)
    with snapshot():  # a hit that comes meanwhile is in both, or in neither
        receipts, before = selectors.receipts(player=player, before_seq=before_in(request))
        totals = selectors.totals(player=player, now=timezone.now())
    context = {
        "player": player,
        "own": current_player(request) == player,
        "totals": totals,
        "receipts": receipts,
        "before": before,
        "first_page": "before" not in request.GET,
        "feed": feed.page(audiences=[audiences.page(player.pk)], limit=feed.STRIP).lines,
    }
    return render(request, "accounts/profile.html", context)


@require_safe
def leaderboard(request: HttpRequest) -> HttpResponse:
    """The page around the rows."""
    return render(request, "accounts/leaderboard.html", _leaderboard(request))


@never_cache
@require_safe
def leaderboard_rows(request: HttpRequest) -> HttpResponse:
    """The rows alone, fetched again when the scores have changed."""
    return render(request, "accounts/leaderboard_rows.html", _leaderboard(request))


def _leaderboard(request: HttpRequest) -> dict[str, object]:
    games = directory.games()
    period = _one_of(request.GET.get("period"), selectors.PERIODS)
    game = _one_of(request.GET.get("game"), games)
    player = current_player(request)
    board = selectors.leaderboard(
        game=game, period=period, now=timezone.now(), viewer=player.pk if player else None
    )
    return {"board": board, "period": period, "periods": selectors.PERIODS, "game": game, "games": games}


def _rename(request: HttpRequest, player: User) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return _me_page(request, player, form, status=400)
    name = services.rename(user=player, name=form.cleaned_data["name"])
    messages.success(request, f"Nice to meet you, {name}.")
    return redirect("me")


def _set_avatar(request: HttpRequest, player: User) -> HttpResponse:
    form = AvatarForm(request.POST)
    if form.is_valid():
        services.set_avatar(user=player, **form.cleaned_data)
        messages.success(request, "Fresh paint. Looking good out there.")
    else:
        messages.error(request, "Pick one of the colours and one of the marks in the box.")
    return redirect("me")


def _renew_invitation(request: HttpRequest, player: User) -> HttpResponse:
    invitations.renew(user=player)
    messages.success(request, "A new link is in the oven's window. The old one opens nothing any more.")
    return redirect(f"{reverse('me')}#bring")


def _set_mails(request: HttpRequest, player: User) -> HttpResponse:
    wanted = "wanted" in request.POST
    services.set_invitation_mails(user=player, wanted=wanted)
    messages.success(request, "We write when somebody comes." if wanted else "No more mails about that.")
    return redirect(f"{reverse('me')}#bring")


_ME_ACTIONS: dict[str, Callable[[HttpRequest, User], HttpResponse]] = {
    "name": _rename,
    "avatar": _set_avatar,
    "invitation": _renew_invitation,
    "mails": _set_mails,
}


def _me_page(request: HttpRequest, player: User, form: NameForm, status: int = 200) -> HttpResponse:
    context = {
        "player": player,
        "form": form,
        "colours": range(COLOURS),
        "marks": range(MARKS),
        "invitation_url": invitation_url(request, invitations.link_of(player)),
        "brought": invitations.brought(player),
        "feed": feed.page(audiences=audiences.own(player.pk), limit=feed.STRIP).lines,
    }
    return render(request, "accounts/me.html", context, status=status)


def _one_of(wanted: str | None, choices: dict[str, str]) -> str:
    """`wanted` if it is a choice, else the first."""
    return wanted if wanted in choices else next(iter(choices))
