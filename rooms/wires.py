"""The short way from a frame to the wire, where the server is uvicorn: framed here, written to the transport.

A snapshot costs the session's middleware, the server's state machine and its framing as much as the system
call that sends it, a hundred times over for one tick of a large room. None of them has anything to decide
about a data frame on an open connection. Everything else, and every other server, takes the ASGI `send`.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from rooms.encoding import AsgiMessage

try:
    from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
    from websockets.frames import apply_mask
    from websockets.protocol import State
    from websockets.streams import StreamReader
except ImportError:  # another server, without this one's parts
    WebSocketsSansIOProtocol = None  # type: ignore[assignment, misc]

Send = Callable[[AsgiMessage], Awaitable[None]]
Write = Callable[[AsgiMessage], bool]

SCOPE_KEY = "space_pizzas.send"
_FINAL_TEXT, _FINAL_BINARY, _MASKED = 0x81, 0x82, 0x80
# Of a client's frame: two bytes and the mask. A longer payload than this has a longer length, too.
_CLIENT_HEAD, _SHORT_PAYLOAD = 6, 125


class KeepSend:
    """Middleware that leaves the server's own `send` in the scope, before others wrap it."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        return await self.application({**scope, SCOPE_KEY: send}, receive, send)


def find_write(scope: dict[str, Any]) -> Write | None:
    """The short way out for this connection, or None. It says whether it took the message."""
    if (protocol := _protocol(scope)) is None:
        return None
    transport, writable = protocol.transport, protocol.writable

    def write(message: AsgiMessage) -> bool:
        if message["type"] != "websocket.send" or protocol.close_sent:
            return False
        if not writable.is_set() or transport.is_closing():
            return False
        transport.write(framed(message))
        return True

    return write


def take_binary(scope: dict[str, Any], take: Callable[[bytes], None]) -> None:
    """Where the short way in is known, binary messages are given to `take` as they come.

    Else each costs a queue, a task's turn, and a pause of reading: twice what it takes to apply it. `take`
    must not wait and must not raise.
    """
    if (protocol := _protocol(scope)) is None:
        return
    handle = protocol.handle_bytes

    def handle_bytes(frame: Any) -> None:
        if frame.fin and not protocol.close_sent:
            take(bytes(frame.data))
        else:
            handle(frame)

    protocol.handle_bytes = handle_bytes
    _take_short_ones(protocol, take)


def _take_short_ones(protocol: Any, take: Callable[[bytes], None]) -> None:
    """Read what comes as one short binary frame, whole and alone, without the server's parser.

    The parser knows nothing of it, so it must stand between two messages; all else is its own to read.
    """
    receive, between = protocol.data_received, _between_messages(protocol.conn)

    def data_received(data: bytes) -> None:
        nonlocal between
        if between and is_short_binary(data) and not protocol.close_sent:
            take(apply_mask(data[_CLIENT_HEAD:], data[2:_CLIENT_HEAD]))
        else:
            receive(data)
            between = _between_messages(protocol.conn)

    protocol.data_received = data_received
    # A transport may have looked the method up before.
    protocol.transport.set_protocol(protocol)


def is_short_binary(data: bytes) -> bool:
    """Whether this is exactly one frame of a client: binary, final, masked, of at most 125 bytes."""
    size = len(data)
    return (
        _CLIENT_HEAD <= size <= _CLIENT_HEAD + _SHORT_PAYLOAD
        and data[0] == _FINAL_BINARY
        and data[1] == _MASKED + size - _CLIENT_HEAD
    )


def _between_messages(connection: Any) -> bool:
    """Whether the parser has read all that came, and the next byte begins a message.

    It is a generator: between two frames it waits in `at_eof`, within one for that frame's bytes.
    """
    waiting = connection.parser
    while waiting.gi_yieldfrom is not None:
        waiting = waiting.gi_yieldfrom
    return (
        waiting.gi_code is StreamReader.at_eof.__code__
        and connection.current_size is None
        and connection.state is State.OPEN
    )


def _protocol(scope: dict[str, Any]) -> Any:
    protocol = getattr(scope.get(SCOPE_KEY), "__self__", None)
    known = WebSocketsSansIOProtocol is not None and isinstance(protocol, WebSocketsSansIOProtocol)
    return protocol if known else None


def framed(message: AsgiMessage) -> bytes:
    """The message as one unfragmented frame of a server (RFC 6455, section 5.2)."""
    data, first = message.get("bytes"), _FINAL_BINARY
    if data is None:
        data, first = message["text"].encode(), _FINAL_TEXT
    length = len(data)
    if length < 126:
        return bytes((first, length)) + data
    if length < 1 << 16:
        return bytes((first, 126, length >> 8, length & 255)) + data
    return bytes((first, 127)) + length.to_bytes(8, "big") + data
