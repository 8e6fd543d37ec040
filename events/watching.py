"""Handlers at work: for how long each has been at it, and an end to one that never ends.

Workers are threads, into which Celery's time limits do not reach. So a thread of our own looks at them:

    LATE_SECONDS       a line in the log with where the handler is, and a sign that `/readyz` shows
    HANDLER_SECONDS    `TookTooLong` is raised in its thread: a failure like any other
    as long again      it hangs where Python cannot reach it: the process ends, and is started again

On PostgreSQL no statement and no silence within a transaction may last longer either (`patience.py`), so that
what a handler has locked is free again whatever becomes of its process.
"""

import ctypes
import logging
import os
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypedDict

from django.conf import settings
from django.core.cache import cache
from django.db import connection

logger = logging.getLogger(__name__)

LATE_SECONDS = 15.0
LOOK_SECONDS = 1.0
LATE_SIGN = "handlers:late"
SIGN_SECONDS = 10  # for which a sign lasts
EXIT_CODE = 70
NOTE_MILLISECONDS = 2000  # to wait for a delivery's row before the process ends
DEEPEST = 40  # calls of a stack in the log: enough to show the handler, however deep it waits


class TookTooLong(Exception):
    """A handler was still at it when its time was over."""


class _TimeIsUp(BaseException):
    """Raised in the handler's thread; not an `Exception`, which a handler might well catch."""


class Late(TypedDict):
    """The sign: which handler, of which event, in which process, since when (seconds since 1970)."""

    handler: str
    event: str
    where: str
    since: float


@dataclass(eq=False, slots=True)
class _Work:
    handler: str
    event: str
    note: Callable[[str], None]
    thread: int = field(default_factory=threading.get_ident)
    began: float = field(default_factory=time.monotonic)
    told: bool = False
    interrupted: float | None = None

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


_at_work: set[_Work] = set()
_lock = threading.Lock()
_watcher: threading.Thread | None = None


@contextmanager
def watched(handler: str, event: object, *, note: Callable[[str], None]) -> Iterator[None]:
    """Around the call of a handler; raises `TookTooLong` in it when its time is over.

    `note` writes down why it failed, from another thread, if all that is left is to end the process.
    """
    work = _Work(handler, str(event), note)
    _at_work.add(work)
    _ensure_watcher()
    try:
        try:
            yield
        finally:
            with _lock:
                _at_work.discard(work)
            if work.interrupted is not None:  # perhaps just now, and the exception has not come yet
                _raise_in(work.thread, None)
    except _TimeIsUp:
        _at_work.discard(work)
        raise TookTooLong(f"It was still at it after {settings.HANDLER_SECONDS} s.") from None


def look() -> None:
    """Do what is due about everybody who is at work."""
    limit = settings.HANDLER_SECONDS
    works = sorted(_at_work.copy(), key=lambda work: work.began)
    for work in works:
        if work.seconds >= LATE_SECONDS and not work.told:
            _tell(work)
        if limit and work.interrupted is not None and time.monotonic() - work.interrupted >= limit:
            logger.critical(
                "%s of %s cannot be stopped; this process ends, and all that it has in hand comes again.",
                work.handler,
                work.event,
            )
            _note(work)
            end_process()
        elif limit and work.interrupted is None and work.seconds >= limit:
            _interrupt(work)
    if works and works[0].seconds >= LATE_SECONDS:
        _leave_sign(works[0])


def end_process() -> None:
    """Without a word to anybody, as a kill would: nothing that is owed is lost by that."""
    logging.shutdown()
    os._exit(EXIT_CODE)


def _ensure_watcher() -> None:
    global _watcher
    if _watcher is None or not _watcher.is_alive():
        _watcher = threading.Thread(target=_watch, name="handler-watch", daemon=True)
        _watcher.start()


def _watch() -> None:
    while True:
        time.sleep(LOOK_SECONDS)
        try:
            look()
        except Exception:
            logger.exception("Handlers could not be looked at.")


def _interrupt(work: _Work) -> None:
    with _lock:
        if work in _at_work and work.interrupted is None:
            work.interrupted = time.monotonic()
            _raise_in(work.thread, _TimeIsUp)


def _note(work: _Work) -> None:
    """So that it runs alone from now on, and is given up at last. PostgreSQL has freed its row by now; SQLite
    has not, and there the relay finds out.
    """
    if connection.vendor == "sqlite":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = %s", [NOTE_MILLISECONDS])
        work.note(
            f"It was still at it after {work.seconds:.0f} s, could not be stopped, and took its worker down."
        )
    except Exception as error:
        logger.warning("That could not be written down: %s", error)
    finally:
        connection.close()


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Have `error` raised in a thread as soon as it runs Python again; None takes it back."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread), ctypes.py_object(error) if error else None
    )


def _tell(work: _Work) -> None:
    work.told = True
    frame = sys._current_frames().get(work.thread)
    stack = "".join(traceback.format_stack(frame)[-DEEPEST:]) if frame else "(nowhere)\n"
    logger.warning("%s of %s has been at it for %.0f s:\n%s", work.handler, work.event, work.seconds, stack)


def _leave_sign(work: _Work) -> None:
    where = f"{socket.gethostname()}:{os.getpid()}"
    sign = Late(handler=work.handler, event=work.event, where=where, since=time.time() - work.seconds)
    cache.set(LATE_SIGN, sign, timeout=SIGN_SECONDS)
