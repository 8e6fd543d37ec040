"""The quiz as a kind of game, for the registry in rooms."""

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django.urls import reverse

from rooms.games import Game
from rooms.live import LiveRoom
from rooms.live_game import GameSettings
from rooms.models import Room
from rooms.trivia import services
from rooms.trivia.actions import ACTIONS
from rooms.trivia.desk import get_desk
from rooms.trivia.live import TriviaLive
from rooms.trivia.options import TriviaSettings
from rooms.trivia.questions.picking import category_counts

KINDS = (
    ("choice", "One of a few"),
    ("boolean", "True or false"),
    ("several", "More than one right"),
    ("number", "Guess a number"),
    ("order", "Put in order"),
    ("text", "Type a word"),
)


class TriviaGame(Game):
    """Questions that cycle on time, on every screen. All state is in the database: any process serves it."""

    kind = services.KIND
    title = "Trivia"
    settings_type: ClassVar[type[GameSettings]] = TriviaSettings
    template = "trivia/room.html"
    pitch = "A quiz night: questions on the big screen, answers from everybody's phone."
    picture = "quiz"
    settings_template = "trivia/settings.html"
    actions = ACTIONS
    single_process = False
    prepares = True
    hostless = False
    keeps_places = True
    host_watches = True

    def capacity(self, settings: GameSettings) -> int:
        return cast(TriviaSettings, settings).size

    def choices(self, field: str) -> Sequence[tuple[str, str]]:
        if field == "types":
            return KINDS
        if field != "categories":
            return ()
        return [(name, f"{name} ({count:,})") for name, count in category_counts().items()]

    def urls(self, room: Room) -> dict[str, str]:
        names = {"screen": "trivia_screen", "results": "trivia_results", "retry": "trivia_retry"}
        return {what: reverse(name, args=[room.code]) for what, name in names.items()}

    def starting(self, room: Room) -> None:
        services.begin(room)

    def ending(self, room: Room) -> dict[str, Any] | None:
        return services.end(room)

    def rules_url(self) -> str:
        return ""

    def open_live(self, room: LiveRoom) -> TriviaLive:
        return TriviaLive(room, desk=get_desk())
