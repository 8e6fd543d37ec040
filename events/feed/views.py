"""Pages of the feed: everybody's, a player's, one's own, a room's. `?before=` is the line to go on after."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.feed import audiences, selectors
from events.paging import before_in
from events.players import find_players


@never_cache
@require_safe
def public_feed(request: HttpRequest) -> HttpResponse:
    """What happens here, for everybody."""
    return _page(request, [audiences.PUBLIC], {"live": "/ws/feed/"})


@never_cache
@require_safe
def player_feed(request: HttpRequest, handle: str) -> HttpResponse:
    """What a player did where everybody might see it."""
    player = find_players([handle]).get(handle)
    if player is None or player.banned:
        raise Http404("We looked under every table: nobody of that name flies here.")
    context = {"player": player, "live": f"/ws/feed/players/{handle}/"}
    return _page(request, [audiences.page(player.id)], context)


@never_cache
@require_safe
def own_feed(request: HttpRequest) -> HttpResponse:
    """The same, and what is for the player's own eyes."""
    if request.user.pk is None:
        return redirect(reverse("me"))
    return _page(request, audiences.own(request.user.pk), {"own": True, "live": "/ws/feed/me/"})


@never_cache
@require_safe
def room_feed(request: HttpRequest, room: UUID) -> HttpResponse:
    """What happened in a room. Its id is nowhere but in what those are shown who may know of it."""
    return _page(request, [audiences.room(room)], {"room": room, "live": f"/ws/feed/rooms/{room}/"})


def _page(request: HttpRequest, audience: Collection[str], context: dict[str, Any]) -> HttpResponse:
    before = before_in(request)
    page = selectors.page(audiences=audience, before=before)
    context |= {"page": page, "older": f"?before={page.older}" if page.older else ""}
    if before is not None:
        # What is new belongs on the first page.
        context |= {"live": "", "newest": request.path}
    return render(request, "feed/feed.html", context)
