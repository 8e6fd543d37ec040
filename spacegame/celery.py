"""The Celery application; its settings are those of `spacegame/settings.py` that begin with CELERY_."""

import os
from typing import Any

from celery import Celery, signals
from kombu import Exchange, Queue
from kombu.transport import TRANSPORT_ALIASES

from events.queues import QUEUES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacegame.settings")

# By name: who uses Redis need not load what SQS needs.
TRANSPORT_ALIASES["sqs"] = "spacegame.sqs:Transport"
TRANSPORT_ALIASES["redis"] = TRANSPORT_ALIASES["rediss"] = "spacegame.redis_broker:Transport"
app = Celery("spacegame")
app.config_from_object("django.conf:settings", namespace="CELERY")
# A worker without -Q takes them all.
app.conf.task_queues = [Queue(name, Exchange(name, type="direct"), routing_key=name) for name in QUEUES]
app.autodiscover_tasks()


@signals.task_postrun.connect
def close_broken_connections(**kwargs: Any) -> None:
    """Connections are kept from task to task, but not one that has just failed."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        if connection.errors_occurred:
            connection.close()
