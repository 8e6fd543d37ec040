"""The arena as a kind of game, for the registry in rooms."""

from typing import ClassVar, cast

from rooms.arena.live import ArenaLive
from rooms.arena.loop import get_loop
from rooms.arena.options import ArenaSettings
from rooms.games import Game
from rooms.live import LiveRoom
from rooms.live_game import GameSettings


class ArenaGame(Game):
    """Ships, olives, points."""

    kind = "arena"
    title = "Arena"
    settings_type: ClassVar[type[GameSettings]] = ArenaSettings
    template = "arena/room.html"
    pitch = "Delivery rockets, olives, and strangers to throw them at."
    picture = "rocket"

    def capacity(self, settings: GameSettings) -> int:
        return cast(ArenaSettings, settings).size

    def quick_settings(self) -> GameSettings:
        """A room that nobody hosts: endless, lively, and kind to beginners."""
        return ArenaSettings(size=16, round_seconds=0, bots=7, skill="easy")

    def open_live(self, room: LiveRoom) -> ArenaLive:
        return ArenaLive(room, loop=get_loop())
