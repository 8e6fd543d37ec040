"""What a game must offer to be played in a room, and the registry in which rooms finds it.

A new game is one folder beside `arena`: an AppConfig whose `ready` calls `register(MyGame())`.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from django.templatetags.static import static

from rooms.actions import Action
from rooms.live import LiveRoom
from rooms.live_game import GameSettings, LiveGame
from rooms.models import Room


class Game(ABC):
    """A kind of game. Stateless: one instance a process."""

    kind: ClassVar[str]
    title: ClassVar[str]
    settings_type: ClassVar[type[GameSettings]]
    template: ClassVar[str]
    actions: ClassVar[Sequence[Action]] = ()
    pitch: ClassVar[str] = ""
    """What it is, in a line, for those who choose a game."""
    picture: ClassVar[str] = "box"
    """Its icon."""
    settings_template: ClassVar[str] = "rooms/settings.html"
    """Its settings in the form that opens a room; gets `form`."""
    single_process: ClassVar[bool] = True
    """Whether a room lives in one process, which holds its lease. A game whose state is all in the database
    says no: then every process serves the room's sockets that reach it."""
    prepares: ClassVar[bool] = False
    """Whether a new room waits in PREPARING for a subscriber of ROOM_CREATED to make it ready."""
    hostless: ClassVar[bool] = True
    """Whether quick play and the home page may open rooms that nobody hosts."""
    keeps_places: ClassVar[bool] = False
    """Whether somebody who sat here before may come back to a locked room."""
    host_watches: ClassVar[bool] = False
    """Whether the host may run the room from a screen, without a seat. Gone for a minute: replaced."""

    @abstractmethod
    def capacity(self, settings: GameSettings) -> int:
        """How many seats a room with these settings has."""

    def round_seconds(self, settings: GameSettings) -> int:
        """How long a round lasts, in seconds; 0 is endless."""
        return int(getattr(settings, "round_seconds", 0))

    def bots(self, settings: GameSettings, people: int) -> int:
        """How many bots fly beside so many people (for the lobby)."""
        return max(0, int(getattr(settings, "bots", 0)) - people)

    def quick_settings(self) -> GameSettings:
        """The settings of rooms that nobody hosts: endless, and fun when alone."""
        return self.settings_type()

    def late_results(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """A podium from the ledger alone: `rows` have slot, name, colour, mark, bot, points; best first."""
        return {"rows": rows}

    def rules_url(self) -> str:
        """Where the browser finds the game's rules."""
        return static(f"{self.kind}/rules.json")

    def choices(self, field: str) -> Sequence[tuple[str, str]]:
        """What may be picked for a list among the settings, if the schema does not say: (value, label)."""
        return ()

    def urls(self, room: Room) -> dict[str, str]:
        """More addresses for the room's page; each looks itself at who asks, as hosting may pass on."""
        return {}

    def starting(self, room: Room) -> None:
        """The room starts, in its transaction. Raises a `RoomError` to refuse."""
        return

    def ending(self, room: Room) -> dict[str, Any] | None:
        """The room ends (in whatever way), in its transaction. The podium, if the game has its own."""
        return None

    @abstractmethod
    def open_live(self, room: LiveRoom) -> LiveGame:
        """Begin to host `room` in this process."""


_games: dict[str, Game] = {}


def register(game: Game) -> None:
    """Make a kind of game known. Registering the same kind twice replaces it."""
    _games[game.kind] = game


def get_game(kind: str) -> Game:
    """The game of this kind; `KeyError` if none is registered."""
    return _games[kind]


def all_games() -> list[Game]:
    """Every registered game, in order of registration."""
    return list(_games.values())
