"""How much of a request is taken in. Django writes the whole body to disk before any view may refuse it."""

from typing import Any

MOST = 32 * 1024 * 1024  # bytes. The largest that anybody needs are lists of questions; a proxy may want less
ANSWER = b"That is too much at once."


class BoundedBodies:
    """Answers 413 to a body of more than `most` bytes, as soon as it says so or is found to be."""

    def __init__(self, application: Any, *, most: int = MOST) -> None:
        self.application = application
        self.most = most

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if _announced(scope) > self.most:
            await _refuse(send)
            return
        came = 0

        async def counted() -> Any:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            # Django then drops what it has, and says nothing.
            return message if came <= self.most else {"type": "http.disconnect"}

        await self.application(scope, counted, send)
        if came > self.most:
            await _refuse(send)


def _announced(scope: dict[str, Any]) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"")
    return int(length) if length.isdigit() else 0


async def _refuse(send: Any) -> None:
    headers = [(b"content-type", b"text/plain"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": ANSWER})
