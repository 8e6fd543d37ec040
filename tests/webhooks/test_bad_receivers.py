"""A receiver that is slow, endless, rude or away costs one bounded attempt."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from events.webhooks.posting import KEPT_CHARACTERS, TOO_LATE, post
from tests.support.ports import free_port
from tests.support.receiver import Receiver

Speak = Callable[[socket.socket], None]


@pytest.fixture
def rude(settings: object) -> Iterator[Callable[[Speak], int]]:
    """A server that says what a function says; gives its port. It hangs up when the test is over."""
    settings.WEBHOOKS_TEST_HOSTS = ["127.0.0.1"]
    listener = socket.create_server(("127.0.0.1", 0))

    def start(speak: Speak) -> int:
        def run() -> None:
            with suppress(OSError):
                line, _ = listener.accept()
                with line:
                    speak(line)

        threading.Thread(target=run, daemon=True).start()
        return int(listener.getsockname()[1])

    yield start
    listener.close()


def drip(beginning: bytes) -> Speak:
    """A byte now and then, for ever."""
    over = threading.Event()

    def speak(line: socket.socket) -> None:
        line.sendall(beginning)
        while not over.wait(0.05):
            line.sendall(b"x")

    return speak


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("beginning", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b""])
def test_a_server_that_drips_before_its_answer_is_cut_off(
    rude: Callable[[Speak], int], beginning: bytes, scheme: str
) -> None:
    hello = b"\x16\x03\x03\x40\x00" if scheme == "https" else beginning
    outcome = post(f"{scheme}://127.0.0.1:{rude(drip(hello))}/", body=b"{}", headers={}, total=0.4)
    assert (outcome.status, outcome.error) == (None, TOO_LATE)


def test_a_server_that_never_ends_its_answer_has_answered(rude: Callable[[Speak], int]) -> None:
    port = rude(drip(b"HTTP/1.1 200 OK\r\n\r\nthanks"))
    outcome = post(f"http://127.0.0.1:{port}/", body=b"{}", headers={}, total=3)
    assert outcome.succeeded


def test_an_endless_answer_is_read_up_to_a_bound(rude: Callable[[Speak], int]) -> None:
    def flood(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 500 Oops\r\n\r\n")
        while True:
            line.sendall(b"x" * 65_536)

    outcome = post(f"http://127.0.0.1:{rude(flood)}/", body=b"{}", headers={})
    assert (outcome.status, outcome.answer) == (500, "x" * KEPT_CHARACTERS)


@pytest.mark.parametrize(
    "said", [b"", b"hello", b"HTTP/1.1 abc\r\n\r\n", b"SSH-2.0-OpenSSH\r\n", b"\0 no database takes this"]
)
def test_what_is_no_http_is_an_error_that_can_be_read(rude: Callable[[Speak], int], said: bytes) -> None:
    def speak(line: socket.socket) -> None:
        line.recv(9_999)  # or else what is said is lost: a line with something unread is reset
        line.sendall(said)

    outcome = post(f"http://127.0.0.1:{rude(speak)}/", body=b"{}", headers={})
    assert outcome.status is None
    assert outcome.error
    assert "\0" not in outcome.error


def test_nobody_there_is_an_error_that_can_be_read(receiver: Receiver) -> None:
    outcome = post(f"http://127.0.0.1:{free_port()}/", body=b"{}", headers={})
    assert outcome.status is None
    assert "refused" in outcome.error.lower()


def test_how_an_answer_begins_is_kept_as_text(receiver: Receiver) -> None:
    receiver.answers(500, body="Ofen kalt \0 \u2603".encode() + b"\xff")
    outcome = post(receiver.url, body=b"{}", headers={})
    assert outcome.answer == "Ofen kalt \ufffd \u2603\ufffd"


def test_a_compressed_answer_is_not_blown_up(receiver: Receiver) -> None:
    receiver.answers(200, {"Content-Encoding": "gzip"}, b"\x1f\x8b not really")
    assert post(receiver.url, body=b"{}", headers={}).succeeded


def test_a_receiver_that_is_busy_says_for_how_long(receiver: Receiver) -> None:
    receiver.answers(429, {"Retry-After": "90"}, b"Later, please.")
    outcome = post(receiver.url, body=b"{}", headers={})
    assert (outcome.status, outcome.retry_after) == (429, 90)
