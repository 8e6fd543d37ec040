"""Saying often-changing things less often: at once, then again after a pause if there was more to say."""

import asyncio
from collections.abc import Callable


class Pace:
    """Calls `act` when asked, but not before `pause()` seconds have passed since it last did.

    What is asked for meanwhile becomes one call at the end of the pause.
    """

    def __init__(self, act: Callable[[], None], *, pause: Callable[[], float]) -> None:
        self._act = act
        self._pause = pause
        self._timer: asyncio.TimerHandle | None = None
        self._again = False

    def ask(self) -> None:
        """Act now or soon. Called in the event loop."""
        if self._timer is not None:
            self._again = True
            return
        self._timer = asyncio.get_running_loop().call_later(self._pause(), self._over)
        self._act()

    @property
    def waits(self) -> bool:
        """Whether the pause goes on."""
        return self._timer is not None

    def stop(self) -> None:
        """Forget what is still to be done."""
        self._again = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _over(self) -> None:
        self._timer = None
        if self._again:
            self._again = False
            self.ask()
