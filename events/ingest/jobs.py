"""Jobs as other systems write them down, read into one shape. Pure.

- Active Job (Rails), as Active Elastic Job sends it: `job.serialize` as JSON. Which fields there are
  depends on the version of Rails; what we do not need is not looked at.
- Sidekiq: `class`, `args`, `jid`, and whatever the client adds. The npm package adds no time.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple

import msgspec

from events.ingest.errors import Refused

MAX_BYTES = 16 * 1024
MILLISECONDS_FROM = 1e11  # Sidekiq 8 writes milliseconds, the ones before it seconds

JobId = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9_-]{8,64}\Z")]
ClassName = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]


class Job(NamedTuple):
    """`key` tells it from all others, for ever; `at` is when it was queued, if it says so."""

    key: str
    job_class: str
    arguments: list[Any]
    at: datetime | None


class _ActiveJob(msgspec.Struct):
    job_class: ClassName
    job_id: JobId
    arguments: list[Any]
    enqueued_at: str | None = None


class _Sidekiq(msgspec.Struct):
    job_class: ClassName = msgspec.field(name="class")
    jid: JobId
    args: list[Any]
    enqueued_at: float | None = None
    created_at: float | None = None
    wrapped: ClassName | None = None


def read_active_job(body: bytes) -> Job:
    """Raises `Refused`."""
    return _of_active_job(_decode(body, _ActiveJob))


def read_sidekiq(body: bytes) -> Job:
    """Raises `Refused`. A Rails application's job on Sidekiq lies wrapped in its only argument."""
    job = _decode(body, _Sidekiq)
    queued = job.created_at if job.enqueued_at is None else job.enqueued_at
    key = f"sidekiq/{job.jid}"
    if job.wrapped and len(job.args) == 1:
        return _of_active_job(_convert(job.args[0], _ActiveJob))._replace(key=key)
    return Job(key, job.job_class, job.args, _from_number(queued))


READERS: dict[str, Callable[[bytes], Job]] = {"active_job": read_active_job, "sidekiq": read_sidekiq}


def _of_active_job(job: _ActiveJob) -> Job:
    arguments = [_plain(argument) for argument in job.arguments]
    return Job(f"active_job/{job.job_id}", job.job_class, arguments, _from_text(job.enqueued_at))


def _plain(value: Any) -> Any:
    """An argument without Rails' own marks, which begin with `_aj_` (ActiveJob::Arguments)."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "_aj_globalid" in value:
        raise Refused("wrong_arguments", "An argument is a GlobalID: only its own database knows what it is.")
    if "_aj_serialized" in value:
        return value.get("value")
    return {name: _plain(each) for name, each in value.items() if not name.startswith("_aj_")}


def _decode(body: bytes, shape: type[Any]) -> Any:
    if len(body) > MAX_BYTES:
        raise Refused("too_large", f"It has {len(body):,} bytes; at most {MAX_BYTES:,} are read.")
    try:
        body.decode()
        return msgspec.json.decode(body, type=shape)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Refused("unreadable", f"Not a job: {error}") from None


def _convert(value: Any, shape: type[Any]) -> Any:
    try:
        return msgspec.convert(value, shape)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Refused("unreadable", f"Not a wrapped job: {error}") from None


def _from_text(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise Refused("wrong_time", f"enqueued_at is no time: {text[:40]!r}") from None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read


def _from_number(number: float | None) -> datetime | None:
    if number is None:
        return None
    try:
        return datetime.fromtimestamp(number / 1000 if number > MILLISECONDS_FROM else number, UTC)
    except (ValueError, OverflowError, OSError):
        raise Refused("wrong_time", f"No such time: {number!r}") from None
