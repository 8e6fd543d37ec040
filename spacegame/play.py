"""The whole game from one command: Redis, web, worker and beat, watched by one supervisor."""

import asyncio
import json
import signal
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress

from django.conf import settings

from events.queues import QUEUES
from spacegame import embedded
from spacegame.address import Address
from spacegame.play_environment import PlayEnvironment, announce_redis
from spacegame.processes import Child, Console, Program, Supervisor
from spacegame.reload import restart_on_change

READY_SECONDS = 60.0
PINK, BLUE, CYAN, YELLOW, GREEN, RED = 95, 94, 96, 93, 92, 91
# The same flags as the Procfile's. Frames are 400 bytes, so deflating each would cost more than it saves; the
# consumer bounds messages itself and answers politely, so uvicorn's own limit is only the last one.
# Whose X-Forwarded-For is believed is said in one place, TRUSTED_PROXIES.
UVICORN_OPTIONS = [
    "--lifespan=on",
    "--loop=uvloop",
    "--http=httptools",
    "--ws=websockets-sansio",
    "--ws-max-size=65536",
    "--ws-ping-interval=20",
    "--ws-ping-timeout=20",
    "--ws-per-message-deflate=false",
    "--timeout-graceful-shutdown=3",
    "--no-proxy-headers",
    "--no-server-header",
    "--no-access-log",
]


class CannotPlay(RuntimeError):
    """The game cannot start; the message says what to do."""


def programs(address: Address) -> list[Program]:
    """Web, worker and beat; and a consumer, where events come by SNS."""
    python, environment = sys.executable, {"FORCE_COLOR": "1" if sys.stdout.isatty() else ""}
    web = [python, "-m", "uvicorn", "spacegame.asgi:application", *UVICORN_OPTIONS]
    celery = [python, "-m", "celery", "-A", "spacegame", "--quiet"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    worker = ["worker", "-Q", ",".join(QUEUES), "-l", "info", *quiet]
    beat = ["beat", "-l", "warning", "--pidfile="]
    consume = [python, "manage.py", "consume"]
    consumer = Program(name="events", command=consume, colour=BLUE, environment=environment)
    return [
        Program(
            name="web",
            command=[*web, "--host", address.host, "--port", str(address.port)],
            colour=CYAN,
            environment=environment,
        ),
        Program(
            name="worker",
            command=[*celery, *worker],
            colour=YELLOW,
            # In a container everything is root; the advice is for a deployment.
            environment={**environment, "PYTHONWARNINGS": "ignore:You're running the worker with superuser"},
        ),
        Program(name="beat", command=[*celery, *beat], colour=GREEN, environment=environment),
        *([consumer] if settings.EVENT_TRANSPORT == "sns" else []),
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
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, asked_to_stop.set)
        opening = asyncio.create_task(self._open())
        opening.add_done_callback(lambda task: _failed(task) and loop.call_soon(asked_to_stop.set))
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
                raise CannotPlay(
                    f"Redis does not answer; {self.environment.var_dir}/redis/redis.log says why."
                )
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


def _failed(task: "asyncio.Task[None]") -> bool:
    return not task.cancelled() and task.exception() is not None


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
