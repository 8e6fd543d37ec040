"""What players hold, from the frame to the tick: each input waits for the tick that it names."""

from collections import deque
from typing import NamedTuple

from rooms.arena.rules import RULES
from rooms.arena.wire import Input
from rooms.arena.world import World

MOST_WAITING = 32


class _Waiting(NamedTuple):
    tick: int
    input: Input


class InputQueue:
    """The inputs of one room's players. An input that names tick T is held when the step makes tick T.

    Late ones are applied before the next step, those from too far ahead are brought nearer, and more than
    32 of one ship push the oldest out. A key that nobody has confirmed for a while is let go, so a ship
    whose player is gone does not fly on.
    """

    def __init__(self) -> None:
        self._waiting: dict[int, deque[_Waiting]] = {}
        self._heard: dict[int, int] = {}
        self._tapped: dict[int, int] = {}

    def push(self, slot: int, received: Input, *, now: int) -> None:
        """Queue an input that came while the room stood at tick `now`."""
        ahead = (received.tick - now + 0x8000 & 0xFFFF) - 0x8000
        queue = self._waiting.setdefault(slot, deque(maxlen=MOST_WAITING))
        earliest = queue[-1].tick if queue else now + 1
        queue.append(_Waiting(max(earliest, now + min(ahead, RULES.input_lead)), received))

    def forget(self, slot: int) -> None:
        """Somebody else may sit there next."""
        for known in (self._waiting, self._heard, self._tapped):
            known.pop(slot, None)

    def apply(self, world: World, row: int) -> None:
        """Hold in `world` what is due for its next tick. Call it once before each step of the room."""
        tick = int(world.tick[row]) + 1
        for slot, keys in self._tapped.items():
            world.keys[row, slot] = keys
        self._tapped.clear()
        for slot in [slot for slot, queue in self._waiting.items() if queue[0].tick <= tick]:
            self._apply_ship(world, row, slot, tick)
        if tick % RULES.input_timeout == 0:
            self._let_go(world, row, tick)

    def _apply_ship(self, world: World, row: int, slot: int, tick: int) -> None:
        queue, keys, fire = self._waiting[slot], 0, 0
        while queue and queue[0].tick <= tick:
            _, (sequence, _, keys, aim) = queue.popleft()
            fire |= keys & RULES.keys.fire
        if not queue:
            del self._waiting[slot]
        world.keys[row, slot], world.aim[row, slot], world.ack[row, slot] = keys | fire, aim, sequence & 0xFF
        self._heard[slot] = tick
        if fire & ~keys:
            # Pressed and let go between two ticks: it counts for one.
            self._tapped[slot] = keys

    def _let_go(self, world: World, row: int, tick: int) -> None:
        for slot, heard in tuple(self._heard.items()):
            if tick - heard >= RULES.input_timeout:
                world.keys[row, slot] = 0
                del self._heard[slot]
