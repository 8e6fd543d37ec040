"""A local SNS and SQS: moto's server as a process of its own, which boto3 and Celery find by the environment.

It keeps everything in memory, delivers each message once and in order, and never times anybody out: what only
the real ones do, tests do themselves.
"""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from typing import Any

from spacegame.embedded import HOST
from spacegame.tether import tethered
from tests.support.ports import free_port
from tests.support.waiting import wait_for

REGION = "eu-central-1"
ACCOUNT = "123456789012"  # moto's
# moto believes everybody; boto3 wants something to sign with.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": REGION}
# So that nothing of the machine that tests run on leaks in, and nobody asks for an instance's own role.
UNSET = (
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_SQS",
    "AWS_ENDPOINT_URL_SNS",
    "SQS_QUEUE_PREFIX",
)


class MotoServer:
    """A running server; `url` is what AWS_ENDPOINT_URL is set to."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        command = [sys.executable, "-m", "moto.server", "-H", HOST, "-p", str(self.port)]
        self.process = subprocess.Popen(
            tethered(command),
            env={**os.environ, **CREDENTIALS},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(self._answers, what="moto's server to answer")

    @property
    def environment(self) -> Mapping[str, str]:
        """What a process needs in its environment to use this server for AWS."""
        return {**CREDENTIALS, "AWS_ENDPOINT_URL": self.url}

    def reset(self) -> None:
        """Forget all queues, topics and messages."""
        self._ask("/moto-api/reset", method="POST")

    def stop(self) -> None:
        """Kill it: there is nothing to keep."""
        self.process.kill()
        self.process.wait()

    def _answers(self) -> bool:
        assert self.process.poll() is None, "moto's server ended"
        try:
            self._ask("/moto-api/data.json")
        except OSError:
            return False
        return True

    def _ask(self, path: str, *, method: str = "GET") -> Any:
        request = urllib.request.Request(f"{self.url}{path}", method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10) as response:
            return json.load(response)
