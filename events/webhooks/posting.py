"""One POST to somebody else's server, bounded in every way: time, size, redirects, where it may go."""

import socket
import ssl
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from http.client import HTTPException
from typing import Any, NamedTuple

from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from events.webhooks.destinations import Destination, addresses, parse
from events.webhooks.errors import BadUrl
from events.webhooks.pauses import retry_after_in

CONNECT_SECONDS = 5.0
SILENCE_SECONDS = 10.0  # between two bytes
TOTAL_SECONDS = 20.0  # from connecting to the last byte that is read
MOST_ADDRESSES = 3  # of a host that are tried
READ_BYTES = 4_096
KEPT_CHARACTERS = 500
USER_AGENT = "SpacePizzas-Webhooks/1"
# What may be raised by somebody else's server: by urllib3, by http.client beneath it, by TLS and sockets.
FAULTS = (HTTPError, HTTPException, OSError, ValueError)
TOO_LATE = "It took too long to answer."
REDIRECT = "Redirects are not followed: give the endpoint the URL that it leads to."


class Outcome(NamedTuple):
    """What came of an attempt. `status` is None without an answer; then `error` says why.

    `retry_after`: seconds for which the other side asks to be left alone, 0 if it does not.
    """

    status: int | None
    milliseconds: int
    answer: str = ""
    error: str = ""
    retry_after: int = 0

    @property
    def succeeded(self) -> bool:
        """Any 2xx; a redirect is no success, and is not followed."""
        return self.status is not None and 200 <= self.status < 300


def post(url: str, *, body: bytes, headers: dict[str, str], total: float = TOTAL_SECONDS) -> Outcome:
    """Send and read the beginning of the answer. Never raises for what the other side does."""
    started = time.monotonic()
    status, answer, error, retry_after = None, "", "", 0
    with _Watchdog(total) as watchdog:
        try:
            destination = parse(url)
            connection = _connect(destination, addresses(destination), watchdog)
            status, answer, retry_after = _exchange(connection, destination, body, headers)
            error = REDIRECT if 300 <= status < 400 else ""
        except BadUrl as wrong:
            error = str(wrong)
        except FAULTS as wrong:
            error = TOO_LATE if watchdog.barked else f"{type(wrong).__name__}: {wrong.__cause__ or wrong}"
    took = round((time.monotonic() - started) * 1000)
    return Outcome(status, took, _kept(answer, KEPT_CHARACTERS), _kept(error, 200), retry_after)


class _Watchdog:
    """Cuts the line when the time is up: a server that drips bytes is never silent, and never done."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._bark)
        self._timer.daemon = True
        self._lines: list[socket.socket] = []
        self.barked = False

    def __enter__(self) -> "_Watchdog":
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()
        for line in self._lines:
            line.close()

    def watch(self, line: socket.socket) -> None:
        """A descriptor of our own, because TLS takes the socket's away."""
        self._lines.append(line.dup())
        if self.barked:
            self._bark()

    def _bark(self) -> None:
        self.barked = True
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class _Watched(HTTPConnection):
    """Tells the watchdog of its socket before anything is said on it."""

    watchdog: _Watchdog

    def _new_conn(self) -> socket.socket:
        line = super()._new_conn()
        self.watchdog.watch(line)
        return line


class _WatchedTLS(_Watched, HTTPSConnection):
    pass


def _connect(destination: Destination, found: Sequence[str], watchdog: _Watchdog) -> _Watched:
    """A connection to the first of the checked addresses that takes one."""
    error: Exception = OSError("no address")
    for address in found[:MOST_ADDRESSES]:
        connection = _connection(destination, address)
        connection.watchdog = watchdog
        try:
            connection.connect()
        except FAULTS as wrong:
            connection.close()
            error = wrong
        else:
            connection.timeout = SILENCE_SECONDS
            return connection
    raise error


def _connection(destination: Destination, address: str) -> _Watched:
    """To an address that was checked; TLS still asks for the host's name (SNI) and its certificate."""
    port, host = destination.port, destination.host
    if not destination.tls:
        return _Watched(address, port, timeout=CONNECT_SECONDS)
    names: dict[str, Any] = {"server_hostname": host, "assert_hostname": host}
    return _WatchedTLS(address, port, timeout=CONNECT_SECONDS, ssl_context=_trust(), **names)


def _exchange(
    connection: _Watched, destination: Destination, body: bytes, headers: dict[str, str]
) -> tuple[int, str, int]:
    sent = {"Host": destination.authority, "User-Agent": USER_AGENT, "Accept": "*/*", **headers}
    try:
        connection.request("POST", destination.target, body=body, headers=sent, preload_content=False)
        response = connection.getresponse()
        if connection.watchdog.barked:
            raise TimeoutError(
                TOO_LATE
            )  # what was cut in the middle of its headers looks like a whole answer
        asked = retry_after_in(response.headers.get("Retry-After", ""), now=time.time())
        return response.status, _beginning(response), asked
    finally:
        connection.close()


def _beginning(response: HTTPResponse) -> str:
    """How the answer begins, as text; an answer that breaks off has a status all the same."""
    data = b""
    with suppress(*FAULTS):
        data = response.read(READ_BYTES, decode_content=False)
    return data.decode(errors="replace")


def _kept(text: str, most: int) -> str:
    """What a database takes of others' words: an error, too, may quote them."""
    return text.replace("\0", "�")[:most]


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """The system's certificates; the environment's `SSL_CERT_FILE` names others."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
