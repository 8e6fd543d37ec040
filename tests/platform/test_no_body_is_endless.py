"""A stranger cannot fill the disk by sending a body without end."""

import asyncio
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler

from spacegame.bodies import BoundedBodies

MOST = 1000


async def status_of(*parts: bytes, headers: dict[bytes, bytes] | None = None) -> list[int]:
    """The statuses that a request with a body in `parts` is answered with; there should be one."""
    coming = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    coming.append({"type": "http.request", "body": b"", "more_body": False})
    sent: list[Any] = []

    async def receive() -> Any:
        return coming.pop(0) if coming else await asyncio.Event().wait()  # it stays to hear the answer

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/ingest/beanstalk/",  # a door that is shut, and asks no database
        "query_string": b"",
        "headers": [(b"host", b"testserver"), *(headers or {}).items()],
    }
    await BoundedBodies(ASGIHandler(), most=MOST)(scope, receive, send)
    return [message["status"] for message in sent if "status" in message]


async def test_a_body_that_fits_reaches_its_view() -> None:
    assert await status_of(b"x" * MOST) == [404]
    assert await status_of(b"x" * MOST, headers={b"content-length": b"1000"}) == [404]


@pytest.mark.parametrize("length", [b"1001", b"99999999999999999999"])
async def test_a_body_that_says_that_it_is_too_long_is_not_read(length: bytes) -> None:
    assert await status_of(headers={b"content-length": length}) == [413]


async def test_a_body_that_turns_out_to_be_too_long_is_dropped() -> None:
    assert await status_of(b"x" * 600, b"x" * 600, b"x" * 600) == [413]
    assert await status_of(b"x" * 1200, headers={b"content-length": b"nonsense"}) == [413]
