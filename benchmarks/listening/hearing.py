"""The work of a handler, the same on both ways, and the time at which it was committed."""

import os
import time
from functools import cache, partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from benchmarks.listening.models import Heard

# The kinds of work that our handlers do; each is the name of its queue too.
HANDLERS = ("email", "feed", "trivia")


def hear(handler: str, event: UUID) -> None:
    """Write a row in the caller's transaction, and after its commit a line of the clock."""
    Heard.objects.create(event=event, handler=handler)
    transaction.on_commit(partial(_note, handler, event))


def _note(handler: str, event: UUID) -> None:
    os.write(_file(), f"{event.hex} {handler} {time.monotonic()}\n".encode())


def heard_file() -> Path:
    """Lines of `event handler seconds`; the clock is the machine's, the same for all processes (Linux)."""
    return Path(settings.VAR_DIR) / "heard"


@cache
def _file() -> int:
    return os.open(heard_file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
