"""Who the bots are, and in which slots they sit: the highest free ones, so that people come in from below."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from accounts.models import COLOURS, MARKS

_FIRST = (
    "Crusty", "Saucy", "Melty", "Turbo", "Captain", "Doctor", "Lucky", "Smoky", "Cosmic", "Salty", "Baron",
)  # fmt: skip
_SECOND = (
    "Margherita", "Calzone", "Oregano", "Capers", "Pepperoni", "Provolone", "Artichoke", "Gorgonzola",
    "Anchovy", "Basil", "Ricotta", "Focaccia", "Marinara",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BotSeat:
    """A bot's place, as everybody may see it. It has no account, so `user_id` is None."""

    slot: int
    name: str
    colour: int
    mark: int
    user_id: None = None

    def view(self) -> dict[str, Any]:
        return {
            "slot": self.slot,
            "name": self.name,
            "colour": self.colour,
            "mark": self.mark,
            "connected": True,
        }


def bot_seat(slot: int, *, seed: int) -> BotSeat:
    """The bot of this slot in the room with this seed; names differ within a room of up to 143."""
    pick = seed % 143 + slot
    name = f"{_FIRST[pick % len(_FIRST)]} {_SECOND[pick % len(_SECOND)]}"
    return BotSeat(slot=slot, name=name, colour=pick % COLOURS, mark=pick * 5 % MARKS)


def bot_slots(*, capacity: int, people: Collection[int], wanted: int) -> set[int]:
    """The slots in which bots sit while `people` hold theirs: as many as fill the room up to `wanted`."""
    free = [slot for slot in range(capacity) if slot not in people]
    bots = max(0, min(len(free), wanted - len(people)))
    return set(free[len(free) - bots :])
