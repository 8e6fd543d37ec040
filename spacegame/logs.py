"""Logging for Django, Celery and uvicorn alike, through structlog.

Readable lines in development, one JSON object a line in production. What is bound to the context (the
request's id, the room's code, the task) is in each line; secrets are not.
"""

import os
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

SECRET_WORDS = ("password", "secret", "token", "cookie", "authorization", "sessionid", "csrf", "api_key")


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace the value of each field whose name says that it is secret."""
    for name in event:
        if any(word in name.lower() for word in SECRET_WORDS):
            event[name] = "[hidden]"
    return event


def drop_coloured_copy(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """uvicorn says many lines twice, the second time with colours in a field."""
    event.pop("color_message", None)
    return event


def logging_config(*, readable: bool, level: str) -> dict[str, Any]:
    """The LOGGING setting; also sets structlog up for those who log through it directly."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        hide_secrets,
        drop_coloured_copy,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if readable else "iso", utc=not readable),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(readable)],
    }
    quiet = {"level": "WARNING"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # These bring handlers of their own; here they pass their lines on to ours.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "uvicorn": {"handlers": [], "level": level, "propagate": True},
            "uvicorn.error": {"handlers": [], "propagate": True},
            # The proxy writes the access log.
            "uvicorn.access": {"handlers": [], "propagate": False},
            # Each connection and each message at INFO is more than a reader wants.
            **dict.fromkeys(("daphne", "websockets", "botocore", "boto3", "urllib3", "asyncio"), quiet),
            "django.channels.server": quiet,
            "celery.app.trace": quiet,
            "celery.beat": quiet,
            "django_celery_beat": quiet,
            "celery.worker.strategy": quiet,
        },
    }


def _renderers(readable: bool) -> list[Any]:
    if not readable:
        tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        return [structlog.processors.ExceptionRenderer(tracebacks), structlog.processors.JSONRenderer()]
    colours = sys.stderr.isatty() or bool(os.environ.get("FORCE_COLOR"))
    return [
        structlog.dev.ConsoleRenderer(
            colors=colours and "NO_COLOR" not in os.environ,
            # The fancy one prints local variables, and so whatever is in them.
            exception_formatter=structlog.dev.plain_traceback,
        )
    ]
