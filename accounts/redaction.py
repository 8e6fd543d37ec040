"""Keeps password reset tokens out of the logs: whoever reads a log must not become its player."""

import logging
import re

# Those that log the path of a request: uvicorn, Daphne, `runserver`, and Django's 4xx and 5xx.
LOGGERS = (
    "uvicorn.access",
    "daphne.server",
    "django.channels.server",
    "django.server",
    "django.request",
    "django.security",
)
_TOKEN = re.compile(r"(password/reset/key/)[^/\s\"']+")


class RedactTokens(logging.Filter):
    """Replaces the token in a record's message and arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(redact(argument) for argument in record.args)
        elif isinstance(record.args, dict):
            record.args = {key: redact(value) for key, value in record.args.items()}
        self._redact_request(record)
        return True

    def _redact_request(self, record: logging.LogRecord) -> None:
        """Django hands the request along with a 4xx or 5xx, and its representation holds the path."""
        request = getattr(record, "request", None)
        if request is not None and _TOKEN.search(repr(request)):
            record.request = redact(repr(request))


def redact(value: object) -> object:
    """`value` without the token, if it is text or a mapping that holds text; else as it is."""
    if isinstance(value, str):
        return _TOKEN.sub(r"\1…", value)
    if isinstance(value, dict):
        return {key: redact(inner) for key, inner in value.items()}
    return value


def install() -> None:
    """Put one filter on every logger that sees paths."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(existing, RedactTokens) for existing in logger.filters):
            logger.addFilter(RedactTokens())
