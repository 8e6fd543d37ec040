"""A pytest plugin (see `addopts`) that gives this process its own Redis and its own VAR_DIR.

It is loaded before Django's settings are read, in each pytest-xdist worker anew, and it never uses the
REDIS_URL that it finds: tests flush their Redis, and yours may hold something dear.

With TEST_BROKER=sqs it starts a local SQS too, and Celery uses it: for tests marked `both_brokers`.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from spacegame.embedded import RedisServer, start_redis
from tests.support import aws
from tests.support.ports import free_port

REPOSITORY = Path(__file__).resolve().parent.parent.parent


def prepare() -> RedisServer:
    """Start Redis and set the environment that the settings are read from."""
    directory = Path(tempfile.mkdtemp(prefix="space-pizzas-test-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    server = start_redis(directory / "redis", free_port())
    atexit.register(server.stop)
    for name in ("BROKER_URL", "EVENT_TRANSPORT", "EVENT_TOPIC", "EMAIL_URL", "HTTPS", "DEBUG", *aws.UNSET):
        os.environ.pop(name, None)
    os.environ |= {
        "VAR_DIR": str(directory),
        "REDIS_URL": server.url,
        "SECRET_KEY": "a-key-for-tests-that-is-long-enough-to-please-every-check-of-django",
        "HTTPS": "false",
        "EMAIL_URL": "memorymail://",
        "READ_DOT_ENV": "false",
        **aws.CREDENTIALS,
    }
    return server


def prepare_sqs() -> aws.MotoServer | None:
    """Start a local SQS if it is asked for, and make it Celery's broker."""
    if os.environ.get("TEST_BROKER") != "sqs":
        return None
    moto = aws.MotoServer()
    atexit.register(moto.stop)
    os.environ |= {**moto.environment, "BROKER_URL": "sqs://", "EVENT_TRANSPORT": "celery"}
    return moto


redis = prepare()
sqs = prepare_sqs()
