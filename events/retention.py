"""What is forgotten: kinds of rows that would grow for ever, each kept for as long as a setting says.

    # <app>/pruning.py, found at the start
    retain(Kind(name="sent webhooks", setting="KEEP_WEBHOOKS_DAYS", doomed=lambda before: ...))

`prune` removes in turns a batch of each kind, each in a short transaction that leaves out what somebody has
in hand. It may be stopped anywhere, run twice, and run at the same time as itself: the next one goes on.

The log is not among the kinds. It is the truth, and what makes that a duplicate is one.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from events.models import Pruning
from events.retrying import retry_conflicts

logger = logging.getLogger(__name__)

BATCH = 500  # rows in a transaction
LONGEST_PAUSE = 0.1  # seconds between two transactions; others write too

Remove = Callable[[QuerySet[Any]], int]


def delete(rows: QuerySet[Any]) -> int:
    """How most kinds are removed; gives the number of rows, without those that go along."""
    return rows.delete()[1].get(rows.model._meta.label, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`doomed(before)` are the rows that may go if those from `before` on are to be kept.

    `setting`: days, 0 for ever; without one, `before` is now. `least`: days that are needed for correctness.
    """

    name: str
    doomed: Callable[[datetime], QuerySet[Any]]
    setting: str = ""
    least: int = 1
    remove: Remove = delete

    @property
    def days(self) -> int:
        return int(getattr(settings, self.setting)) if self.setting else 0

    def before(self, now: datetime) -> datetime | None:
        """What is older may go; None keeps all."""
        if not self.setting:
            return now
        return now - timedelta(days=self.days) if self.days else None


_kinds: dict[str, Kind] = {}


def retain(kind: Kind) -> None:
    """Have this kind pruned. Raises `ValueError` if one is called so already."""
    if kind.name in _kinds:
        raise ValueError(f"{kind.name} are pruned already")
    _kinds[kind.name] = kind


def kinds() -> Iterator[Kind]:
    """All of them, in the order of their names."""
    return iter(sorted(_kinds.values(), key=lambda kind: kind.name))


def count(kind: Kind, *, now: datetime | None = None) -> int:
    """How many rows would go."""
    before = kind.before(now or timezone.now())
    return kind.doomed(before).count() if before else 0


@dataclass(slots=True)
class _Round:
    """A kind on its way through its table, in the order of its keys."""

    kind: Kind
    before: datetime
    rows: QuerySet[Any] | None = None
    place: Any = None
    removed: int = 0
    broken: bool = False

    def step(self) -> bool:
        """Remove a batch; False when there was none, or it broke."""
        try:
            if self.rows is None:
                self.rows = self.kind.doomed(self.before)
            ids, removed = retry_conflicts(partial(_remove, self.kind, self.rows, self.before, self.place))
        except Exception:
            logger.exception("Pruning %s failed; what is left is tried again later.", self.kind.name)
            self.broken = True
            return False
        self.removed += removed
        self.place = ids[-1] if ids else None
        return bool(ids)


class Pruned(dict[str, int]):
    """Rows removed by the name of their kind. `broken`: kinds that failed; `unfinished`: there is more."""

    broken: Sequence[str] = ()
    unfinished: bool = False


def prune(*, now: datetime | None = None, seconds: float | None = None) -> Pruned:
    """Remove what is too old, for at most about so many seconds. What is left then is the next one's."""
    now = now or timezone.now()
    until = time.monotonic() + seconds if seconds is not None else float("inf")
    rounds = [_Round(kind, before) for kind in kinds() if (before := kind.before(now))]
    waiting = deque(rounds)
    while waiting and time.monotonic() < until:
        began = time.monotonic()
        if waiting[0].step():
            waiting.rotate(-1)
            time.sleep(min(time.monotonic() - began, LONGEST_PAUSE))
        else:
            waiting.popleft()
    result = Pruned({one.kind.name: one.removed for one in rounds})
    result.broken = [one.kind.name for one in rounds if one.broken]
    result.unfinished = bool(waiting)
    return result


def hold_horizon(name: str) -> datetime | None:
    """Before when rows of a kind may be missing; None if none was ever removed.

    In a transaction nobody prunes the kind until its end.
    """
    with suppress(Pruning.DoesNotExist):
        return Pruning.objects.select_for_update().get(kind=name).horizon
    return Pruning.objects.get_or_create(kind=name)[0].horizon


def horizon(name: str) -> datetime | None:
    """The same for whoever only looks."""
    return Pruning.objects.filter(kind=name).values_list("horizon", flat=True).first()


@transaction.atomic
def _remove(kind: Kind, rows: QuerySet[Any], before: datetime, place: Any) -> tuple[list[Any], int]:
    """Remove the next batch after the key `place`: its keys, and how many rows went."""
    hold_horizon(kind.name)
    following = rows if place is None else rows.filter(pk__gt=place)
    free = following.order_by("pk").select_for_update(skip_locked=True, of=("self",))
    ids = [row.pk for row in free.only("pk")[:BATCH]]
    removed = kind.remove(rows.filter(pk__in=ids)) if ids else 0
    note = Pruning.objects.filter(kind=kind.name)
    note.update(pruned_at=timezone.now())
    if removed:
        note.update(horizon=before, removed=F("removed") + removed)
    return ids, removed
