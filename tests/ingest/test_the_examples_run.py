"""The examples of docs/ingest.md: each is the file that these tests run, and makes the score go up by one."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from redis import Redis
from redis.exceptions import NoPermissionError

from accounts.models import User
from tests.ingest.consumers import consuming
from tests.ingest.making import ROOM, SECRET, points_of
from tests.support import node
from tests.support.aws import MotoServer
from tests.support.waiting import wait_for

EXAMPLES = Path("docs/examples")
QUOTED = ["node/package.json", "node/job.js", "node/sqs.js", "node/sidekiq.js", "python/queue_hit.py"]


@pytest.mark.parametrize("name", QUOTED)
def test_the_paper_quotes_the_example_as_it_is(repository: Path, name: str) -> None:
    paper = (repository / "docs" / "ingest.md").read_text()
    found = re.search(
        rf"\[{re.escape(name)}\]\(examples/{re.escape(name)}\):\n\n```\w+\n(.*?)```", paper, re.S
    )
    assert found, f"docs/ingest.md does not quote {name}"
    assert found[1] == (repository / EXAMPLES / name).read_text()


def test_the_lock_file_names_no_registry(repository: Path) -> None:
    assert '"resolved"' not in (repository / EXAMPLES / "node" / "package-lock.json").read_text()


@pytest.fixture
def game_url(repository: Path, redis_client: "Redis", redis_url: str) -> Iterator[str]:
    """Redis as the user that the paper tells operators to make."""
    line = re.search(r"ACL SETUSER (game on >password .*)", (repository / "docs" / "ingest.md").read_text())
    assert line
    redis_client.execute_command("ACL", "SETUSER", *line[1].split())
    yield redis_url.replace("redis://", "redis://game:password@")
    redis_client.execute_command("ACL", "DELUSER", "game")


@pytest.fixture
def environment(
    aws: MotoServer, game_url: str, alice: User, bob: User, tmp_path: Path
) -> Iterator[dict[str, str]]:
    """What the examples need, with a consumer that takes what they queue."""
    call_command("provision_queues")
    with consuming(tmp_path):
        yield {**aws.environment, "REDIS_URL": game_url, "QUEUE": "hits", "INGEST_SECRET": SECRET}


def test_the_other_servers_redis_user_reaches_its_queue_only(game_url: str) -> None:
    with Redis.from_url(game_url) as game:
        assert game.lpush("queue:hits", "{}") == 1
        for command in (["LRANGE", "queue:hits", "0", "-1"], ["LPUSH", "scoring", "x"], ["KEYS", "*"]):
            with pytest.raises(NoPermissionError):
                game.execute_command(*command)


@pytest.mark.django_db(transaction=True)
def test_each_example_makes_the_score_go_up_by_one(
    repository: Path, environment: dict[str, str], alice: User
) -> None:
    folder = node.installed(repository / EXAMPLES / "node")
    python = repository / EXAMPLES / "python" / "queue_hit.py"
    hit = ["alice", str(ROOM), "bob"]
    for points, example in enumerate(["sqs.js", "sidekiq.js", "sqs", "sidekiq"], start=1):
        if example.endswith(".js"):
            node.run(example, *hit, folder=folder, environment=environment)
        else:
            command = [sys.executable, str(python), example, *hit]
            subprocess.run(command, env=environment, check=True, timeout=180)
        wait_for(lambda points=points: points_of(alice.pk) == points, what=f"{example} to score")
