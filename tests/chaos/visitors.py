"""People who come in all the time, whatever is broken: each becomes a guest and opens a room."""

import threading
from contextlib import suppress
from http.client import HTTPException

from tests.e2e.guests import Guest

PACE_SECONDS = 0.1


class Visitors:
    """One after the other, in a thread. `tries` counts all; `codes` are the rooms that somebody was shown."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.tries = 0
        self.codes: list[str] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._come, daemon=True)

    def __enter__(self) -> "Visitors":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.go_home()

    def go_home(self) -> None:
        """No more come; returns when the last has left."""
        self._stopping.set()
        self._thread.join(60)

    def _come(self) -> None:
        while not self._stopping.wait(PACE_SECONDS):
            with suppress(OSError, HTTPException):
                self._open_a_room()
            self.tries += 1

    def _open_a_room(self) -> None:
        guest = Guest(self.url)
        code = guest.host()
        if "/r/" in guest.at and len(code) == 6:
            self.codes.append(code)
