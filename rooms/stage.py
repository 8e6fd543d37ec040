"""Where a room's game plays: what it raises harms its own room, and too often ends it."""

import logging
from collections.abc import Callable
from typing import Any

from rooms.errors import BadFrame
from rooms.live_game import LiveGame

logger = logging.getLogger(__name__)

MAX_CRASHES = 3


class Stage:
    """Of one room. `fail` is called once, when the game has raised again and again."""

    def __init__(self, code: str, *, fail: Callable[[], Any]) -> None:
        self.game: LiveGame | None = None
        self.crashes = 0
        self._code = code
        self._fail = fail

    def play(self, call: Callable[[LiveGame], Any]) -> Any:
        """Call the game, if there is one; None if it raised. `BadFrame` is the caller's."""
        if self.game is None:
            return None
        try:
            return call(self.game)
        except BadFrame:
            raise
        except Exception as error:
            self.crashed(error)
            return None

    def crashed(self, error: BaseException) -> None:
        """The game raised. It goes on, unless it does so again and again: then the room fails."""
        logger.error("The game in room %s raised", self._code, exc_info=error)
        self.crashes += 1
        if self.crashes == MAX_CRASHES:
            self._fail()

    def clear(self) -> None:
        """Nothing plays here any more."""
        self.play(lambda game: game.close())
        self.game = None
