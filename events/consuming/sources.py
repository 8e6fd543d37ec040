"""Where work comes from: what `manage.py consume` asks of a queue, whichever kind of queue it is."""

from abc import ABC, abstractmethod
from collections.abc import Sequence


class Work(ABC):
    """One message in hand. A method may raise what its queue's client raises."""

    source: "Source"

    @abstractmethod
    def do(self) -> None:
        """Do what the message asks for. Raising means: not done, it is to come again."""

    @abstractmethod
    def finish(self) -> None:
        """Take the message off its queue: it is done."""

    @abstractmethod
    def extend(self) -> None:
        """Keep it ours for another `source.visibility` seconds."""

    @abstractmethod
    def give_back(self) -> None:
        """We end before it is done: let others have it at once."""


class Source(ABC):
    """A queue. `visibility`: seconds for which a fetched message is ours, unless extended."""

    name: str
    visibility: float

    @abstractmethod
    def fetch(self, *, most: int, seconds: int) -> Sequence[Work]:
        """Wait up to `seconds` for messages, and take at most `most` (1 to 10) of them.

        Called from one thread of its own. Raises whatever keeps it from fetching; it is asked again later.
        """
