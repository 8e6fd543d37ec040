"""Waiting for what must become true, instead of sleeping and hoping."""

import asyncio
import inspect
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


def wait_for(condition: Callable[[], T], *, seconds: float = 60.0, what: str = "") -> T:
    """Ask again and again until the answer is true; gives it. Fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:g} s in vain for {what or condition}")
        time.sleep(0.02)
    return answer


async def eventually(condition: Callable[[], Any], *, seconds: float = 60.0, what: str = "") -> Any:
    """The same in an event loop: ask, and await the answer if it is to be awaited, until it is true."""
    try:
        async with asyncio.timeout(seconds):
            while not (answer := await _answer(condition)):
                await asyncio.sleep(0.01)
            return answer
    except TimeoutError:
        raise AssertionError(f"waited {seconds:g} s in vain for {what or condition}") from None


async def _answer(condition: Callable[[], Any]) -> Any:
    answer = condition()
    return await answer if inspect.isawaitable(answer) else answer


def is_running(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
