"""Server messages as JSON text, ready for an ASGI `send`: encoded once, whatever the number of sockets."""

from typing import Any

import msgspec

AsgiMessage = dict[str, Any]

_encoder = msgspec.json.Encoder()


def text_frame(message: dict[str, Any]) -> AsgiMessage:
    """A JSON text frame. Keys that are integers (slots) become strings, as JSON has it."""
    return {"type": "websocket.send", "text": _encoder.encode(message).decode()}


def binary_frame(frame: bytes) -> AsgiMessage:
    return {"type": "websocket.send", "bytes": frame}
