"""What a quiz tells its host alone: who finds the question wrong, and who has more time to answer."""

from typing import Any

from rooms.live import LiveRoom
from rooms.sockets import Socket
from rooms.trivia import showing
from rooms.trivia.selectors import GameRecord


class Whispers:
    """For the host's sockets in this process. `view` is what they are told with the whole state."""

    def __init__(self, room: LiveRoom) -> None:
        self._room = room
        self.view: dict[str, Any] = showing.host_view(None, {})

    def follow(self, record: GameRecord | None) -> None:
        """Tell what is new."""
        before, self.view = self.view, showing.host_view(record, self._room.seats)
        for name, what in self.view.items():
            if what != before[name]:
                self._tell({"event": f"trivia.{name}", name: what})

    def _tell(self, message: dict[str, Any]) -> None:
        sockets: list[Socket] = [socket for socket in self._room.sockets if self._room.is_hosts(socket)]
        for socket in sockets:
            socket.send(message)
