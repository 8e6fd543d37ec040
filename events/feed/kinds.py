"""What is worth an entry: one line here, and one template `templates/feed/entries/<name>.html`.

The template gets `line`: `line.who` (an `events.players.Player`), `line.data` (the event's contract), and
`line.place` (where the room's title leads).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from events.contracts import RoomChanged, UserCreated
from events.feed.audiences import (
    Audience,
    Who,
    actor,
    everybody,
    eyes_of,
    inviter,
    page_of,
    the_room,
    winner,
)
from events.subscribing import Occurred


def is_member(event: Occurred) -> bool:
    return isinstance(event.data, UserCreated) and not event.data.guest


def was_invited(event: Occurred) -> bool:
    return is_member(event) and inviter(event) is not None


def has_actor(event: Occurred) -> bool:
    """A room of somebody's, not one that the house opened."""
    return event.actor is not None


def won(*, quiz: bool) -> Callable[[Occurred], bool]:
    def when(event: Occurred) -> bool:
        return winner(event) is not None and _is_quiz(event) == quiz

    return when


def won_by_team(event: Occurred) -> bool:
    return isinstance(event.data, RoomChanged) and bool(event.data.team)


def _is_quiz(event: Occurred) -> bool:
    return isinstance(event.data, RoomChanged) and event.data.kind == "trivia"


@dataclass(frozen=True, slots=True)
class Kind:
    """An entry made of events of `type` that pass `when`, for the audiences `to`; `who` is it about?"""

    name: str
    type: str
    to: tuple[Audience, ...]
    when: Callable[[Occurred], bool]
    who: Who | None = actor


KINDS: Final = (
    Kind("joined", "USER_CREATED", (everybody, page_of(actor)), is_member),
    Kind("invited", "USER_CREATED", (eyes_of(inviter),), was_invited),
    Kind("opened", "ROOM_CREATED", (everybody, page_of(actor), the_room), has_actor),
    Kind("started", "ROOM_STARTED", (everybody, page_of(actor), the_room), has_actor),
    Kind("won", "ROOM_COMPLETED", (everybody, page_of(winner), the_room), won(quiz=False), winner),
    Kind("won_quiz", "ROOM_COMPLETED", (everybody, page_of(winner), the_room), won(quiz=True), winner),
    Kind("won_by_team", "ROOM_COMPLETED", (everybody, the_room), won_by_team, None),
)
BY_NAME: Final = {kind.name: kind for kind in KINDS}
TYPES: Final = tuple(sorted({kind.type for kind in KINDS}))


def entries_of(event: Occurred) -> dict[str, str]:
    """The kind of entry that each audience is shown of the event: the first of `KINDS` that fits."""
    found: dict[str, str] = {}
    for kind in KINDS:
        if kind.type == event.type and kind.when(event):
            for name in kind.to:
                if (audience := name(event)) is not None:
                    found.setdefault(audience, kind.name)
    return found
