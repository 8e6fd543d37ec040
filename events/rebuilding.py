"""Folding the log again from its first row: the scores that it gives, and whether what is stored agrees."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec
from django.db import connection, transaction

from events.boards import boards_for
from events.contracts import contract_of
from events.models import Event, Score
from events.scoring import game_of, points_for
from events.snapshots import snapshot

CHUNK = 2000

Key = tuple[str, int]  # board, player


class Total(NamedTuple):
    """Points, and the number of ledger entries that they come from."""

    points: int
    entries: int


class Fold(NamedTuple):
    """What the log gives: events read, totals by board and player, and what is wrong."""

    events: int
    totals: dict[Key, Total]
    wrong: list[str]


NOTHING = Total(0, 0)


def fold_log() -> Fold:
    """Stream the whole log and score it by the rules. Takes memory for the totals only."""
    count = 0
    totals: dict[Key, Total] = {}
    wrong: list[str] = []
    for event in Event.objects.order_by("seq").iterator(chunk_size=CHUNK):
        count += 1
        points = _points_of(event)
        if points != event.points:
            wrong.append(
                f"event {event.event_id} (seq {event.seq}): "
                f"the log has {event.points} points, the rules give {points}"
            )
        for key in _keys_of(event, points):
            before = totals.get(key, NOTHING)
            totals[key] = Total(before.points + points, before.entries + 1)
    return Fold(count, totals, wrong)


def compare() -> Fold:
    """Fold the log and name every difference in `wrong`, all seen at one moment."""
    with snapshot():
        fold = fold_log()
        fold.wrong.extend(_differences(fold.totals))
        return fold


def rewrite(*, now: datetime) -> Fold:
    """Put what the log gives in the place of all scores, in one transaction that scoring waits for."""
    with transaction.atomic():
        _keep_scoring_out()
        fold = fold_log()
        Score.objects.all().delete()
        Score.objects.bulk_create(
            (
                Score(board=board, player=player, points=total.points, entries=total.entries, updated_at=now)
                for (board, player), total in sorted(fold.totals.items())
            ),
            batch_size=CHUNK,
        )
        return fold


def _points_of(event: Event) -> int:
    contract = contract_of(event.type)
    if contract is None or event.actor is None:
        return 0
    try:
        return points_for(event.type, msgspec.convert(event.data, contract))
    except msgspec.ValidationError:
        return 0


def _keys_of(event: Event, points: int) -> Iterator[Key]:
    if points and event.actor is not None:
        for board in boards_for(game_of(event.type), event.room, event.occurred_at):
            yield board, event.actor


def _differences(totals: dict[Key, Total]) -> Iterator[str]:
    missing = dict(totals)
    stored = Score.objects.values_list("board", "player", "points", "entries").order_by("board", "player")
    for board, player, points, entries in stored.iterator(chunk_size=CHUNK):
        yield from _difference(board, player, Total(points, entries), missing.pop((board, player), NOTHING))
    for (board, player), total in sorted(missing.items()):
        yield from _difference(board, player, NOTHING, total)


def _difference(board: str, player: int, stored: Total, folded: Total) -> Iterator[str]:
    if stored != folded:
        yield (
            f"{board}, player {player}: stored {stored.points} points of {stored.entries} entries, "
            f"the log gives {folded.points} of {folded.entries}"
        )


def _keep_scoring_out() -> None:
    """Wait for scoring transactions that run, and let later ones wait for us. SQLite does so by itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE events_event, events_score IN SHARE ROW EXCLUSIVE MODE")
