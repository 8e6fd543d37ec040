"""The whole game from one command: Redis, web, worker and beat, watched by one supervisor."""

import asyncio
import errno
import json
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from spacegame import embedded
from spacegame.celery import QUEUES
from spacegame.play_environment import PlayEnvironment, announce_redis
from spacegame.processes import Child, Console, Program, Supervisor

READY_SECONDS = 60.0
PINK, CYAN, YELLOW, GREEN, RED = 95, 96, 93, 92, 91
# The same flags as the Procfile's. Frames are 400 bytes, so deflating each would cost more than it saves; the
# consumer bounds messages itself and answers politely, uvicorn's own limit is only the last one.
UVICORN_OPTIONS = (
    "--loop uvloop --http httptools --ws websockets-sansio --ws-max-size 65536 --ws-ping-interval 20 "
    "--ws-ping-timeout 20 --ws-per-message-deflate false --timeout-graceful-shutdown 3 --no-access-log"
).split()


class CannotPlay(RuntimeError):
    """The game cannot start; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where the pages are served."""

    host: str
    port: int

    @property
    def local(self) -> str:
        """The address for a browser on this machine."""
        everywhere = self.host in ("0.0.0.0", "::", "")
        host = "127.0.0.1" if everywhere else f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"

    @property
    def network(self) -> str | None:
        """The address for phones on the same network, if they can reach us."""
        if self.host not in ("0.0.0.0", "::", ""):
            return None
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))  # sends nothing; asks which of our addresses would be used
            return f"http://{probe.getsockname()[0]}:{self.port}/"
        return None


def refuse_taken_port(address: Address) -> None:
    """Raise `CannotPlay` when the port cannot be listened on, before anything is started."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
            probe.listen(1)
        except OSError as error:
            raise CannotPlay(_why_not(address, error)) from None


def _why_not(address: Address, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {address.port} is taken by another program. Choose another one: "
            f"bin/play --port {address.port + 1}"
        )
    if error.errno == errno.EACCES:
        return f"Port {address.port} is not open to you; ports from 1024 are: bin/play --port 8000"
    return f"{address.host}:{address.port} cannot be listened on: {error.strerror}."


def programs(address: Address) -> list[Program]:
    """Web, worker and beat."""
    python, environment = sys.executable, {"FORCE_COLOR": "1" if sys.stdout.isatty() else ""}
    web = [python, "-m", "uvicorn", "spacegame.asgi:application", "--lifespan", "auto", *UVICORN_OPTIONS]
    celery = [python, "-m", "celery", "-A", "spacegame"]
    worker = ["worker", "-P", "threads", "-c", "4", "-Q", ",".join(QUEUES), "-l", "info"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    beat = ["beat", "-S", "django_celery_beat.schedulers:DatabaseScheduler", "-l", "warning", "--pidfile="]
    return [
        Program(
            name="web",
            command=[*web, "--host", address.host, "--port", str(address.port)],
            colour=CYAN,
            environment=environment,
        ),
        Program(name="worker", command=[*celery, *worker, *quiet], colour=YELLOW, environment=environment),
        Program(name="beat", command=[*celery, *beat], colour=GREEN, environment=environment),
    ]


def redis_program(environment: PlayEnvironment) -> Program:
    """The private Redis. It alone is asked, not killed, when we die: it has a file to sync."""
    assert environment.redis_port is not None
    directory = environment.var_dir / "redis"
    directory.mkdir(parents=True, exist_ok=True)
    binary = embedded.find_redis_binary()
    command = embedded.redis_command(binary=binary, directory=directory, port=environment.redis_port)
    return Program(name="redis", command=command, colour=RED, death_signal=signal.SIGTERM)


class Play:
    """One run of the game. `first` are programs that run to their end before the others start."""

    def __init__(
        self, *, address: Address, environment: PlayEnvironment, first: list[Program], reload: bool
    ) -> None:
        self.address = address
        self.environment = environment
        self.first = first
        self.reload = reload
        self.console = Console()
        self.supervisor = Supervisor(self.console)
        self.redis: Child | None = None

    async def run(self) -> None:
        """Start everything, wait for Ctrl-C or SIGTERM, stop everything."""
        asked_to_stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, asked_to_stop.set)
        opening = asyncio.create_task(self._open())
        opening.add_done_callback(lambda task: task.cancelled() or task.exception() and asked_to_stop.set())
        await asked_to_stop.wait()
        opening.cancel()
        self._say("Closing the kitchen...")
        await self.supervisor.stop(last=self.redis)
        with suppress(asyncio.CancelledError):
            await opening  # raises what kept us from opening, if anything did
        self._say("Closed. Good night!")

    async def _open(self) -> None:
        await self._start_redis()
        for program in self.first:
            await Child(program, self.console).run_once()
        children = [self.supervisor.start(program) for program in programs(self.address)]
        await self._say_when_ready()
        if self.reload:
            await restart_on_change(children, self.console)

    async def _start_redis(self) -> None:
        port = self.environment.redis_port
        if port is None:
            return
        self.redis = self.supervisor.start(redis_program(self.environment))
        deadline = time.monotonic() + embedded.READY_SECONDS
        while not await asyncio.to_thread(embedded.answers, port):
            if time.monotonic() > deadline:
                raise CannotPlay("Redis does not answer; what it said stands above.")
            await asyncio.sleep(0.01)
        announce_redis(self.environment.var_dir)

    async def _say_when_ready(self) -> None:
        started = time.monotonic()
        while (missing := await asyncio.to_thread(not_ready, self.address)) != []:
            if time.monotonic() - started > READY_SECONDS:
                self._say(f"Still not ready ({', '.join(missing)}); what is wrong stands above.")
                started = time.monotonic()
            await asyncio.sleep(0.1)
        self._say("")
        self._say(f"Order up! Space Pizzas is open at {self.address.local}")
        if network := self.address.network:
            self._say(f"Phones on the same network: {network}")
        else:
            self._say("To invite phones on your network: bin/play --host 0.0.0.0")
        self._say("Ctrl-C closes the kitchen.")
        self._say("")

    def _say(self, text: str) -> None:
        self.console.line("play", text, colour=PINK)


def not_ready(address: Address) -> list[str]:
    """The parts that /readyz does not call ok yet; empty when all are."""
    request = urllib.request.Request(f"{address.local}readyz", headers={"Host": "localhost"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=5) as response:
            parts = json.load(response)["parts"]
    except urllib.error.HTTPError as error:
        with suppress(ValueError, KeyError):
            parts = json.load(error)["parts"]
            return [name for name, part in parts.items() if part["state"] != "ok"]
        return ["web"]
    except (OSError, ValueError, KeyError):
        return ["web"]
    return [name for name, part in parts.items() if part["state"] != "ok"]


async def restart_on_change(children: list[Child], console: Console) -> None:
    """Ask the children to end, and so to be started again, whenever Python code changes."""
    from watchfiles import PythonFilter, awatch

    base = Path(__file__).resolve().parent.parent
    folders = [base / name for name in ("spacegame", "rooms", "accounts", "events")]
    async for changes in awatch(*folders, watch_filter=PythonFilter()):
        names = ", ".join(sorted({os.path.relpath(path, base) for _kind, path in changes}))
        console.line("play", f"{names} changed; starting again", colour=PINK)
        for child in children:
            child.restart()
