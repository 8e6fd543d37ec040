"""What the host of an arena chooses."""

from typing import Annotated

from msgspec import Meta

from rooms.arena.bots import SkillName
from rooms.live_game import GameSettings


class ArenaSettings(GameSettings):
    """`size` is the number of seats. `round_seconds` 0 is endless. Bots fill up to `bots` ships."""

    size: Annotated[int, Meta(ge=2, le=100)] = 8
    round_seconds: Annotated[int, Meta(ge=0, le=1800)] = 0
    bots: Annotated[int, Meta(ge=0, le=100)] = 4
    skill: SkillName = "medium"

    def __post_init__(self) -> None:
        if 0 < self.round_seconds < 60:
            raise ValueError("a round lasts 60 seconds at least, or 0 for no end")
        if self.bots > self.size:
            raise ValueError("there are more bots than ships")
