"""`manage.py runserver`: pages and sockets by Daphne, for those who like Django's own way."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis

from tests.support.environment import REPOSITORY
from tests.support.ports import free_port
from tests.support.waiting import wait_for


@contextmanager
def runserver(port: int, log: Path, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "manage.py", "runserver", "--noreload", str(port)]
    variables = {**os.environ, "DEBUG": "true", "PYTHONUNBUFFERED": "1", **environment}
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=variables, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _alive(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as response:
            return response.read() == b"ok\n"
    except OSError:
        return False


def test_daphne_serves_pages(tmp_path: Path, redis_client: Redis) -> None:
    port, log = free_port(), tmp_path / "log"
    with runserver(port, log):
        wait_for(lambda: _alive(port), what="the server")
    assert "daphne" in log.read_text().lower()
    assert "No Redis answers" not in log.read_text()


def test_without_redis_it_says_what_to_do(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    with runserver(port, log, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0"):
        wait_for(lambda: _alive(port), what="the server")
    assert "No Redis answers" in log.read_text()
    assert "Leave bin/play running in another terminal" in log.read_text()
