"""A job as it came, before anybody looked into it."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple


class RawJob(NamedTuple):
    """`format` is a key of `jobs.READERS`, `source` says how it came and on which queue (40 characters).

    `attributes` came beside the body and hold its signature; None where the way that it came is trusted.
    `tries`: how often it was fetched, this time included. `came_at`: when it came first, if not now.
    """

    format: str
    source: str
    body: bytes
    attributes: Mapping[str, str] | None
    tries: int = 1
    came_at: datetime | None = None


def source_name(kind: str, queue: str) -> str:
    """`kind:queue`, as the log keeps it."""
    return f"{kind}:{queue}"[:40]
