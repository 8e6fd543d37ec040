"""`manage.py consume --ingest` as a process of its own, which can be killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tests.events.conftest import database_url
from tests.ingest.making import SECRET
from tests.support.waiting import wait_for


class Consuming:
    """A running consumer of the queues `hits`, with the tests' own database, Redis and SQS."""

    def __init__(self, log: Path, environment: Mapping[str, str]) -> None:
        self.log = log
        queues = {"INGEST_SQS_QUEUES": "hits", "INGEST_SIDEKIQ_QUEUES": "hits", "INGEST_SECRET": SECRET}
        command = [sys.executable, "manage.py", "consume", "--ingest"]
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                env={**os.environ, **queues, "DATABASE_URL": database_url(), **environment},
                cwd=settings.BASE_DIR,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        wait_for(lambda: "Consuming " in self.log.read_text(), what="the consumer to start")

    def kill(self) -> None:
        """SIGKILL: no last words."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; gives the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)


@contextmanager
def consuming(folder: Path, **environment: str) -> Iterator[Consuming]:
    """A consumer that ends with the block."""
    consumer = Consuming(folder / "consumer.log", environment)
    try:
        yield consumer
    finally:
        consumer.kill()
