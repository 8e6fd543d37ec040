"""`manage.py consume --ingest` as a process of its own, which can be killed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ingest.making import SECRET
from tests.support.processes import MANAGE, Program

QUEUES = {"INGEST_SQS_QUEUES": "hits", "INGEST_SIDEKIQ_QUEUES": "hits", "INGEST_SECRET": SECRET}


@contextmanager
def consuming(folder: Path, **environment: str) -> Iterator[Program]:
    """A running consumer of the queues `hits`, on the tests' database, Redis and SQS, for the block."""
    consumer = Program(folder / "consumer.log", *MANAGE, "consume", "--ingest", **{**QUEUES, **environment})
    try:
        consumer.wait_for_line("Consuming ")
        yield consumer
    finally:
        consumer.kill()
