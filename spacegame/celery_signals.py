"""How Celery's processes start: with our checks, with our logs."""

import gc
from typing import Any

import structlog
from celery import signals

from events.patience import bound_transactions
from events.tasks import heartbeat
from spacegame.checks import refuse_errors


@signals.celeryd_init.connect
def let_no_transaction_last(**kwargs: Any) -> None:
    """Before the first connection."""
    bound_transactions()


@signals.setup_logging.connect
def keep_our_logging(**kwargs: Any) -> None:
    """Django's LOGGING is in force already; a receiver here keeps Celery from adding its own."""


@signals.celeryd_init.connect
@signals.beat_init.connect
def check_settings(**kwargs: Any) -> None:
    """A worker or a beat with wrong settings ends at once and says why."""
    refuse_errors()


@signals.worker_ready.connect
def say_that_a_worker_works(**kwargs: Any) -> None:
    """At once, so that /readyz need not wait for the first beat."""
    heartbeat()


@signals.worker_ready.connect
def set_what_lives_aside(**kwargs: Any) -> None:
    """Reading events by the thousand collects garbage often: then all of Django need not be looked at."""
    gc.collect()
    gc.freeze()


@signals.task_prerun.connect
def bind_task(task_id: str, task: Any, **kwargs: Any) -> None:
    """Name the task in every line that it logs."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)


@signals.task_postrun.connect
def unbind_task(**kwargs: Any) -> None:
    """The thread goes on to another task."""
    structlog.contextvars.clear_contextvars()
