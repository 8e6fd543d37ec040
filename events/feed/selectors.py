"""Reading the feed: lines in the order of the log, with people as they are called now."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from events import reading
from events.contracts import Contract
from events.feed.kinds import BY_NAME
from events.feed.models import Entry
from events.places import addresses_of
from events.players import Player, find_players
from events.subscribing import Occurred

PAGE: Final = 20
STRIP: Final = 5
# Entries about people who are not shown any more take room on a page; after so many reads it stays short.
MOST_READS = 10


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as a page shows it: about `who`, if it is about anybody. `place` leads into an open room."""

    seq: int
    kind: str
    who: Player | None
    data: Contract
    occurred_at: datetime
    room: UUID | None
    place: str

    @property
    def template(self) -> str:
        return f"feed/entries/{self.kind}.html"


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, newest first, and the `before` of the next page if there is one."""

    lines: list[Line]
    older: int | None


def page(*, audiences: Collection[str], before: int | None = None, limit: int = PAGE) -> Page:
    """What these audiences may see, below the entry with `seq` = `before`.

    Entries about people who are banned or forgotten are left out.
    """
    lines: list[Line] = []
    for _ in range(MOST_READS):
        entries = _entries(audiences, before, limit + 1)
        lines += _lines(entries)
        if len(lines) > limit:
            return Page(lines[:limit], lines[limit - 1].seq)
        if len(entries) <= limit:
            return Page(lines, None)
        before = entries[-1].event_id
    return Page(lines, before)


def _entries(audiences: Collection[str], before: int | None, most: int) -> list[Entry]:
    entries = Entry.objects.filter(audience__in=audiences, kind__in=BY_NAME)
    if before is not None:
        entries = entries.filter(event_id__lt=before)
    return list(entries.select_related("event").order_by("-event_id")[:most])


def _lines(entries: Sequence[Entry]) -> Iterator[Line]:
    read = [(entry, event, _about(entry, event)) for entry in entries if (event := _occurred(entry))]
    people = find_players({who for _, _, who in read if who is not None})
    places = addresses_of({event.room for _, event, _ in read if event.room})
    for entry, event, who in read:
        player = people.get(who) if who is not None else None
        if who is None or (player is not None and not player.banned):
            place = places.get(event.room, "") if event.room else ""
            yield Line(event.seq, entry.kind, player, event.data, event.occurred_at, event.room, place)


def _occurred(entry: Entry) -> Occurred | None:
    """The event; None if it is older than its contract."""
    try:
        return reading.occurred(entry.event)
    except msgspec.ValidationError:
        return None


def _about(entry: Entry, event: Occurred) -> int | None:
    who = BY_NAME[entry.kind].who
    return who(event) if who else None
