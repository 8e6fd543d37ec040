"""The receivers in docs/webhooks.md work as they stand there, and its table says what leaves."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from events.webhooks.leaving import LEAVING
from events.webhooks.pauses import PAUSES
from events.webhooks.posting import Outcome, post
from events.webhooks.signing import sign
from tests.support.node import find_node
from tests.support.ports import free_port
from tests.support.waiting import wait_for
from tests.webhooks.conftest import OLDER, SECRET

BODY = b'{"type":"ROOM_CREATED","data":{"code":"MOZZAA"}}'


def block(repository: Path, language: str) -> str:
    """The first code block in a language."""
    paper = (repository / "docs" / "webhooks.md").read_text()
    found = re.search(rf"```{language}\n(.*?)```", paper, re.S)
    assert found
    return found[1]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Callable[..., tuple[int, Path]]]:
    """Runs a receiver; gives its port and what it prints."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(*command: str) -> tuple[int, Path]:
        port, log = free_port(), tmp_path / "log"
        with log.open("wb") as output:
            processes.append(
                subprocess.Popen(
                    command,
                    env={**os.environ, "PORT": str(port), "WEBHOOK_SECRET": SECRET},
                    stdout=output,
                    stderr=output,
                )
            )
        return port, log

    yield start
    for process in processes:
        process.kill()
        process.wait()


@pytest.mark.parametrize("language", ["python", "js"])
def test_a_receiver_from_the_paper_verifies_and_knows_what_it_has_seen(
    repository: Path,
    tmp_path: Path,
    settings: object,
    running: Callable[..., tuple[int, Path]],
    language: str,
) -> None:
    program = sys.executable if language == "python" else find_node()[0]
    source = tmp_path / f"receiver.{'py' if language == 'python' else 'cjs'}"
    source.write_text(block(repository, language))
    port, log = running(program, str(source))
    settings.WEBHOOKS_TEST_HOSTS = ["127.0.0.1"]

    def send(*secrets: str, age: int = 0) -> Outcome:

        headers = sign(webhook_id="one", timestamp=int(time.time()) - age, body=BODY, secrets=secrets)
        return post(f"http://127.0.0.1:{port}/", body=BODY, headers=headers)

    wait_for(lambda: send(OLDER).status is not None, what="the receiver to listen")
    assert send(OLDER).status == 401
    assert send(SECRET, age=400).status == 401
    assert [send(SECRET).status, send(SECRET).status, send(SECRET, OLDER).status] == [204] * 3
    wait_for(lambda: "MOZZAA" in log.read_text(), what="its line")
    assert log.read_text().count("MOZZAA") == 1, log.read_text()


def test_the_table_says_what_leaves(repository: Path) -> None:
    paper = (repository / "docs" / "webhooks.md").read_text()
    for type, fields in LEAVING.items():
        (row,) = re.findall(rf"^\| `{type}` \|(.*)\|$", paper, re.M)
        said = set(re.findall(r"`([a-z_]+)`", row.rsplit("|", 1)[1]))
        assert set(fields) == said - {"arena", "trivia"}, type


def test_the_pauses_are_those_of_the_paper(repository: Path) -> None:
    paper = " ".join((repository / "docs" / "webhooks.md").read_text().split())
    units = {"s": 1, "min": 60, "h": 3600}
    (said,) = re.findall(r"tried again after (.*?), each up to", paper)
    found = [int(number) * units[unit] for number, unit in re.findall(r"(\d+) (s|min|h)", said)]
    assert found == [pause.total_seconds() for pause in PAUSES]
