"""A second look at a refused job, on an operator's word: a secret was set, a bug is gone."""

from events.ingest.models import RefusedJob
from events.ingest.raw import RawJob
from events.ingest.sources import SIDEKIQ
from events.ingest.taking import take


def take_again(row: RefusedJob) -> str:
    """Do with the job as if it had come anew; gives what `take` gives, and raises what it raises.

    The row goes unless the job was refused for the same reason. A job that says no time of its own was
    queued no later than it came the first time.
    """
    result = take(_raw(row))
    if result != row.code:
        row.delete()
    return result


def _raw(row: RefusedJob) -> RawJob:
    trusted = row.source.startswith(f"{SIDEKIQ}:")
    return RawJob(
        format="sidekiq" if trusted else "active_job",
        source=row.source,
        body=row.body.encode(),
        attributes=None if trusted else row.attributes,
        came_at=row.refused_at,
    )
