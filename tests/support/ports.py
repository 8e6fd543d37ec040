"""Ports for the tests' servers: below those that the system gives to outgoing connections.

`spacegame.embedded.free_port` asks the system for a port, closes it, and somebody listens there a second
later: meanwhile any connection of anybody may have got it as its own end, and so may a server of the other
processes of the same run. Here each process counts through a range of its own, and gives no port twice.
"""

import itertools
import os
import socket

from spacegame.embedded import HOST

FIRST, COUNT = 15_000, 15_000  # the system's own begin at 32,768 or later
_steps = itertools.count(os.getpid() * 61)


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nobody listens on, and that nobody else will be given."""
    for step in itertools.islice(_steps, COUNT):
        port = FIRST + step % COUNT
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"Every port from {FIRST} on is taken.")
