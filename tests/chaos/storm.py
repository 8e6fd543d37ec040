"""What is killed when: all of it from one seed, and all of it told as it happens."""

import time
from collections import Counter
from collections.abc import Callable
from random import Random
from uuid import UUID

from tests.chaos import books
from tests.chaos.kitchen import Kitchen
from tests.chaos.visitors import Visitors
from tests.load.swarm import Swarm
from tests.support.waiting import wait_for

TOGETHER = 0.25  # how often two things break at once
LONGEST_SECONDS = 8.0  # that something stays broken
UNSEEN_SECONDS = 20.0  # since when no heartbeat may have come through: after 60 a seat is anybody's
BACK_SECONDS = 120.0  # in which everybody is back, however busy the machine is
LULL_HITS = 3  # that are seen between two rounds: what is killed shall have been at work


class Storm:
    """Breaks parts, lets people notice, mends them. `count`: how often what broke."""

    def __init__(self, kitchen: Kitchen, *, seed: int, room: UUID, swarm: Swarm, visitors: Visitors) -> None:
        self.kitchen, self.room, self.swarm, self.visitors = kitchen, room, swarm, visitors
        self.seed = seed
        self.rng = Random(seed)
        self.count: Counter[str] = Counter()
        self._began = time.monotonic()
        self._down: set[str] = set()

    def rage(self, *, seconds: float = 0) -> None:
        """Break everything once, in some order; and so round after round until `seconds` have passed."""
        while True:
            for thing in self.rng.sample(self._all(), len(self._all())):
                self._strike(thing)
            if self.seconds >= seconds:
                return
            self._rest()

    def calm(self) -> None:
        """All is well again, and everybody is back."""
        self._mend()
        self.kitchen.wait_until_ready()
        self.note("all processes are ready")
        self._wait_until_all_play()

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._began

    def note(self, what: str) -> None:
        """Tell that something happened now."""
        print(f"{self.seconds:7.2f} {what}", flush=True)

    def told(self) -> str:
        """How to have it again, how often what broke, and who is not in the game."""
        counted = ", ".join(f"{count} x {name}" for name, count in sorted(self.count.items()))
        away = [
            f"pilot {number} is away: {wing.refused or (wing.client and wing.client.close_code)}"
            for number, wing in enumerate(self.swarm.wings)
            if not wing.playing
        ]
        return "\n".join([f"CHAOS_SEED={self.seed}, {self.seconds:.0f} s: {counted}", *away])

    def _all(self) -> list[str]:
        return [*self.kitchen.parts, "network cut", "network slow", "network silent"]

    def _strike(self, thing: str) -> None:
        """Break it, sometimes something else too, and mend all a little later."""
        self._break(thing)
        if self.rng.random() < TOGETHER:
            self._break(self.rng.choice(self._all()))
        self._wait_for_visitors(self.rng.randint(1, 12))
        self._mend()
        self._wait_for_visitors(self.rng.randint(0, 8))
        self._wait_for_pilots()

    def _rest(self) -> None:
        """Let them play for a moment."""
        self._wait_until_all_play()
        self.swarm.wait_for_hits(LULL_HITS)
        self.note(f"a lull; {len(self.visitors.codes)} rooms were opened in {self.visitors.tries} visits")

    def _break(self, thing: str) -> None:
        if thing in self._down:
            return
        self.count[thing] += 1
        self.note(thing)
        self._down.add(thing)
        network: dict[str, Callable[[], None]] = {
            "network cut": self.kitchen.network.cut,
            "network silent": self.kitchen.network.hold,
            "network slow": lambda: self.kitchen.network.delay(self.rng.uniform(0.01, 0.4)),
        }
        if thing in network:
            network[thing]()
            return
        self.kitchen.kill(thing)
        if thing == "web":
            self.swarm.era += 1

    def _mend(self) -> None:
        """As a supervisor would: what was killed is started, and what ended by itself too."""
        self.kitchen.network.heal()
        for name in self.kitchen.ended():
            self.count[f"{name} ended by itself"] += 1
            self.note(f"{name} ended by itself")
            del self.kitchen.running[name]
            self._down.add(name)
        # Servers first, so that the others find them.
        for name in sorted(self._down & set(self.kitchen.parts), key=_servers_first):
            self.kitchen.start(name)
        self._down.clear()

    def _wait_for_visitors(self, count: int) -> None:
        """So long does it last; but where each of them waits for half a minute, not for all of them."""
        goal, latest = self.visitors.tries + count, time.monotonic() + LONGEST_SECONDS
        wait_for(lambda: self.visitors.tries >= goal or time.monotonic() > latest)

    def _wait_for_pilots(self) -> None:
        """Nobody is kept out for so long that somebody else could take the seat."""
        if not self._all_seen():
            self._wait_until_all_play()

    def _wait_until_all_play(self) -> None:
        wait_for(
            lambda: self.swarm.all_playing() and self._all_seen(),
            what="everybody back in the air",
            seconds=BACK_SECONDS,
        )
        self.note("everybody is back in the air")

    def _all_seen(self) -> bool:
        return books.longest_unseen(self.kitchen, self.room) < UNSEEN_SECONDS


def _servers_first(name: str) -> tuple[bool, str]:
    return name not in ("postgres", "redis"), name
