"""Upkeep of rooms by the worker, for rooms whose host process is gone; beat runs it every few seconds."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from celery import shared_task
from django.db.models import QuerySet
from django.utils import timezone

from rooms import selectors, services
from rooms.errors import RoomError
from rooms.models import Room

logger = logging.getLogger(__name__)

GRACE = timedelta(seconds=10)
MOST = 100  # rooms of a kind in one run


@shared_task(name="rooms.tasks.sweep_rooms", ignore_result=True)
def sweep_rooms() -> dict[str, int]:
    """Complete overdue rounds, free seats of those who are gone, pass hosting on, expire empty rooms."""
    now = timezone.now()
    return {
        "completed": _each(
            selectors.overdue_rooms(now=now, grace=GRACE),
            lambda room_id: services.complete(room_id=room_id, results=None),
        ),
        "freed": _each(
            selectors.rooms_with_expired_seats(now=now),
            lambda room_id: services.free_expired_seats(room_id=room_id),
        ),
        "handed over": _each(
            _ids(selectors.deserted_by_their_host(now=now)),
            lambda room_id: services.pass_host_on(room_id=room_id),
        ),
        "expired": _each(
            _ids(selectors.abandoned_rooms(now=now)), lambda room_id: services.expire(room_id=room_id)
        ),
    }


def _ids(rooms: "QuerySet[Room]") -> list[UUID]:
    return list(rooms.values_list("id", flat=True))


def _each(room_ids: Iterable[UUID], work: Callable[[UUID], Any]) -> int:
    """Do the work for each room; one that moved on meanwhile, or breaks, does not stop the others.

    What is beyond `MOST` is left to the next run: sweeps that overtake each other would take all threads.
    """
    done = 0
    for room_id in islice(room_ids, MOST):
        try:
            work(room_id)
            done += 1
        except RoomError as refusal:
            logger.info("Room %s: %s", room_id, refusal)
        except Exception:
            logger.exception("Sweeping room %s failed", room_id)
    return done
