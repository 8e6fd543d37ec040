"""A job as it came, before anybody looked into it."""

from collections.abc import Mapping
from typing import NamedTuple


class RawJob(NamedTuple):
    """`format` is a key of `jobs.READERS`, `source` says how it came and on which queue (40 characters).

    `attributes` came beside the body and hold its signature; None where the way that it came is trusted.
    `tries`: how often it was fetched, this time included.
    """

    format: str
    source: str
    body: bytes
    attributes: Mapping[str, str] | None
    tries: int = 1


def source_name(kind: str, queue: str) -> str:
    """`kind:queue`, as the log keeps it."""
    return f"{kind}:{queue}"[:40]
