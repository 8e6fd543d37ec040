"""Tasks beside the sockets end when they are asked to, and nobody waits for one that does not."""

import asyncio
from contextlib import suppress

import pytest

from rooms import background


async def test_what_was_cancelled_has_ended(caplog: pytest.LogCaptureFixture) -> None:
    task = asyncio.create_task(asyncio.Event().wait())
    await background.end(task, None)
    assert task.cancelled()
    assert not caplog.records


async def test_what_does_not_end_is_left_and_named(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(background, "LAST_SECONDS", 0.01)
    released = asyncio.Event()

    async def stubborn() -> None:
        while not released.is_set():
            with suppress(asyncio.CancelledError):
                await released.wait()

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await background.end(task)
    assert not task.done()
    assert "stubborn" in caplog.text
    released.set()
    await task
