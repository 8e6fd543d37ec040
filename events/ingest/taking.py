"""Taking a job of another game server: verify, read, map, judge, store. All that its callers do is fetch it.

    try:    take(raw) -> "taken", or the code of the refusal, which is kept; either way it is done with
    except: not done (the database is away, say); it is to come again

A job is stored and scored in one transaction of its own, under an id made from the job's: whatever comes
twice counts once. What keeps failing although the database is there is a fault of ours, or poison: it is kept
with the error, for somebody to look at, after a few tries.
"""

import logging
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from events import failures, payloads
from events.announcing import announce
from events.contracts import NewEvent
from events.courier import tell
from events.ingest import signing
from events.ingest.errors import Refused
from events.ingest.jobs import READERS
from events.ingest.mapping import event_of, players_named, read_arguments
from events.ingest.raw import RawJob
from events.ingest.refusing import keep
from events.models import Event
from events.players import find_players
from events.retrying import is_away
from events.store import Stored, read_batch, store_batches

logger = logging.getLogger(__name__)

TAKEN = "taken"
MOST_TRIES = 5


def take(raw: RawJob, *, now: datetime | None = None) -> str:
    """Take or refuse a job; gives `TAKEN` or the refusal's code. Raises what is to be tried again."""
    now = now or timezone.now()
    try:
        stored = _store(event_in(raw, now=now), now)
    except Refused as refused:
        return _refuse(raw, refused, now)
    except Exception as error:
        if is_away(error) or raw.tries < MOST_TRIES:
            raise
        logger.exception("A job from %s failed %d times and is given up.", raw.source, raw.tries)
        return _refuse(raw, Refused("failed", failures.describe(error)), now)
    announce(stored.totals)
    tell(stored.told)
    return TAKEN


def event_in(raw: RawJob, *, now: datetime) -> NewEvent:
    """The event that a job says happened; raises `Refused`."""
    if raw.attributes is not None:
        secrets = [settings.INGEST_SECRET, settings.INGEST_PREVIOUS_SECRET]
        signing.verify(body=raw.body, attributes=raw.attributes, secrets=secrets)
    job = READERS[raw.format](raw.body)
    rule, said = read_arguments(job)
    players = find_players(players_named(rule, said))
    return event_of(job, rule, said, players=players, source=raw.source, now=raw.came_at or now)


def _store(event: NewEvent, now: datetime) -> Stored:
    batch = read_batch(outbox_id=None, payload=payloads.join([payloads.encode_event(event)]), now=now)
    if batch.refused:
        raise Refused("not_believed", batch.refused[0].reason)
    stored = store_batches([batch])[0]
    if not stored.new:
        raise _replay(event)
    return stored


def _replay(event: NewEvent) -> Refused:
    """It was counted, but we died before it was off its queue; or somebody sent it again."""
    if Event.objects.filter(event_id=event.event_id, actor=event.actor, room=event.room).exists():
        return Refused("replay", "It was counted before; nothing was done.")
    return Refused("id_used_twice", "Another job was counted under this id: each needs an id of its own.")


def _refuse(raw: RawJob, refused: Refused, now: datetime) -> str:
    keep(raw, refused, now=now)
    logger.warning("A job from %s was refused: %s (%s)", raw.source, refused, refused.code)
    return refused.code
