"""The quiz's pages beside the room's own. They parse, call, and answer."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.links import site_of
from accounts.sessions import current_player
from rooms import services
from rooms.codes import normal_code
from rooms.errors import RoomError
from rooms.models import Room
from rooms.trivia.exporting import csv_of
from rooms.trivia.services import KIND
from rooms.views import find_room, room_context


@never_cache
@require_GET
def screen(request: HttpRequest, code: str) -> HttpResponse:
    """The big screen: everybody may look; the host's has the controls."""
    if code != normal_code(code):
        return redirect("trivia_screen", code=normal_code(code) or "-")
    context = room_context(request, _quiz(code), watch=True)
    context["site"] = site_of(request).split("//", 1)[-1]
    return render(request, "trivia/screen.html", context)


@require_POST
def retry(request: HttpRequest, code: str) -> HttpResponse:
    """Prepare a room again that could not be prepared. If its code was given away since, it has another."""
    room = _hosted(request, code)
    player = current_player(request)
    try:
        room = services.prepare_again(room_id=room.id, by=player.pk if player is not None else 0)
    except RoomError as refusal:
        messages.error(request, refusal.text)
    to = "trivia_screen" if request.POST.get("from") == "screen" else "room"
    return redirect(to, code=room.code)


@never_cache
@require_GET
def results_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The podium for the host's spreadsheet."""
    room = _hosted(request, code)
    if not (room.results or {}).get("rows"):
        raise Http404("There are no results yet. Finish the game first.")
    response = HttpResponse(csv_of(room.results or {}), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="space-pizzas-{room.code}.csv"'
    return response


def _quiz(code: str) -> Room:
    room = find_room(code)
    if room.kind != KIND:
        raise Http404("There is no quiz in that room.")
    return room


def _hosted(request: HttpRequest, code: str) -> Room:
    """A quiz of this session's player. Others are told no more than that there is nothing for them."""
    room = _quiz(code)
    player = current_player(request)
    if player is None or room.host_id != player.pk:
        raise Http404("That is for the host of the room.")
    return room
