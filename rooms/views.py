"""Pages of rooms. They parse, call a service, and answer."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.limits import client_ip, require
from accounts.links import site_of
from accounts.models import User
from accounts.qr import qr_code
from accounts.selectors import Row, leaderboard
from accounts.sessions import current_player, player_for
from events.feed import selectors as feed
from events.feed.audiences import PUBLIC
from rooms import selectors, services
from rooms.codes import normal_code
from rooms.errors import BadSettings, Close, RoomError
from rooms.forms import RoomForm
from rooms.games import Game, all_games, get_game
from rooms.models import CODE_LENGTH, Room
from rooms.services.matching import default_kind

HOME_ROOMS = 3
HOME_LEADERS = 5
CREATIONS = {"limit": 20, "per_seconds": 600}


@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The live battle, Play, and join by code."""
    return render(request, "rooms/home.html", _home_context())


@require_POST
def play(request: HttpRequest) -> HttpResponse:
    """One press: a guest if need be, a seat in the best public room, and off."""
    room = services.quick_play(user=_player(request))
    return redirect("room", code=room.code)


@never_cache
@require_GET
def lobby(request: HttpRequest) -> HttpResponse:
    """The public rooms; `/ws/lobby/` keeps the list fresh."""
    return render(request, "rooms/lobby.html", {"rooms": selectors.lobby_rooms(), "games": all_games()})


@never_cache
@require_http_methods(["GET", "POST"])
def room_create(request: HttpRequest) -> HttpResponse:
    """Open a room of one's own. Who has no session yet becomes a guest by it."""
    game = _game(request.GET.get("kind") or request.POST.get("kind") or default_kind())
    form = RoomForm(request.POST if request.method == "POST" else None, game=game)
    if request.method == "POST" and form.is_valid():
        require(f"room:{client_ip(request)}", **CREATIONS)
        if (room := _create(form, _player(request))) is not None:
            return redirect(_opened_at(request, room, game))
    context = {"form": form, "game": game, "games": all_games()}
    return render(request, "rooms/create.html", context, status=400 if form.errors else 200)


@never_cache
@require_GET
def room(request: HttpRequest, code: str) -> HttpResponse:
    """The room. Members and guests play; everybody else may watch, or join as a guest by one press."""
    if code != normal_code(code):
        return redirect("room", code=normal_code(code) or "-")
    return render(request, "rooms/room.html", room_context(request, find_room(code)))


@require_POST
def room_join(request: HttpRequest, code: str) -> HttpResponse:
    """Take a seat (becoming a guest if need be), then open the room; if refused, watch or pick another."""
    found = find_room(code)
    try:
        services.reserve_seat(room_id=found.id, user=_player(request))
    except RoomError as refusal:
        messages.error(request, refusal.text)
        if refusal.close is Close.NO_SEAT:
            return redirect(f"{reverse('room', args=[found.code])}?watch=1")
        return redirect("lobby")
    return redirect("room", code=found.code)


@never_cache
@require_http_methods(["GET", "POST"])
def join_by_code(request: HttpRequest) -> HttpResponse:
    """From a code that somebody read out to the room that has it."""
    typed = request.POST.get("code") or request.GET.get("code") or ""
    if not typed:
        return redirect(f"{reverse('home')}#join")
    try:
        return redirect("room", code=selectors.room_by_code(typed).code)
    except RoomError as refusal:
        context = _home_context() | {"join_error": refusal.text, "join_code": typed[: 4 * CODE_LENGTH]}
        return render(request, "rooms/home.html", context, status=404)


@require_GET
def room_qr(request: HttpRequest, code: str) -> HttpResponse:
    """The room's address as a QR code, for phones to take from the big screen."""
    found = find_room(code)
    response = qr_code(_room_url(request, found))
    response["Cache-Control"] = "max-age=3600"
    return response


def _player(request: HttpRequest) -> User:
    return player_for(request)


def _home_context() -> dict[str, Any]:
    demo = services.exhibition_room().code
    others = [row for row in selectors.lobby_rooms() if row["code"] != demo]
    lines = feed.page(audiences=[PUBLIC], limit=feed.STRIP).lines
    return {"demo_code": demo, "rooms": others[:HOME_ROOMS], "leaders": _leaders(), "feed": lines}


def _leaders() -> list[Row]:
    """This week's best, for a taste."""
    board = leaderboard(game=default_kind(), period="week", now=timezone.now(), viewer=None)
    return board.rows[:HOME_LEADERS]


def _game(kind: str) -> Game:
    try:
        return get_game(kind)
    except KeyError:
        raise Http404("We do not serve that game here.") from None


def find_room(code: str) -> Room:
    """The room that one may look at; `Http404` says why not."""
    try:
        return selectors.room_by_code(code)
    except RoomError as refusal:
        raise Http404(refusal.text) from None


def _create(form: RoomForm, host: User) -> Room | None:
    try:
        return services.create_room(
            kind=form.game.kind,
            settings=form.room_settings,
            host=host,
            title=form.cleaned_data["title"],
            visibility=form.cleaned_data["visibility"],
        )
    except BadSettings as wrong:
        form.show(wrong)
        return None


def room_context(request: HttpRequest, found: Room, *, watch: bool = False) -> dict[str, Any]:
    """What a page of a room needs. `watch`: it is a screen, whoever looks at it."""
    game = get_game(found.kind)
    config = _config(request, found, game)
    config["watch"] = watch or config["watch"]
    config["urls"] |= game.urls(found)
    return {"room": found, "game": game, "config": config, "room_url": _room_url(request, found)}


def _opened_at(request: HttpRequest, created: Room, game: Game) -> str:
    """The room's page, or the screen from which the host wants to run it."""
    room_page = reverse("room", args=[created.code])
    if request.POST.get("then") != "screen":
        return room_page
    return game.urls(created).get("screen", room_page)


def _room_url(request: HttpRequest, found: Room) -> str:
    return site_of(request) + reverse("room", args=[found.code])


def _config(request: HttpRequest, found: Room, game: Game) -> dict[str, Any]:
    """What the page's script needs to know; no secrets."""
    player = current_player(request)
    code = found.code
    return {
        "code": code,
        "kind": found.kind,
        "socket": f"/ws/rooms/{code}/",
        "signedIn": player is not None,
        "guest": player is not None and player.is_guest,
        "handle": player.handle if player is not None else "",
        "rulesUrl": game.rules_url(),
        "watch": player is None or request.GET.get("watch") == "1",
        "urls": {
            "home": reverse("home"),
            "lobby": reverse("lobby"),
            "create": reverse("room_create"),
            "play": reverse("play"),
            "room": reverse("room", args=[code]),
            "join": reverse("room_join", args=[code]),
            "qr": reverse("room_qr", args=[code]),
            "absolute": _room_url(request, found),
            "leaderboard": reverse("leaderboard"),
            "signup": reverse("account_signup"),
        },
    }
