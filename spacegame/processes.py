"""Keeping a handful of processes running: start, relay their output, restart, stop.

A small supervisor for one machine, used by `manage.py play`. In a real deployment the Procfile's lines are
run by whatever runs processes there.
"""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from spacegame.tether import tethered

STOP_SECONDS = 6.0  # after this a child that was asked to stop is killed
FIRST_PAUSE_SECONDS = 0.5  # before a child that ended is started again; doubled each time
LONGEST_PAUSE_SECONDS = 10.0
STEADY_SECONDS = 10.0  # a child that ran this long was well, and its next pause is short again


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run. `death_signal` is what it gets when the supervisor is killed."""

    name: str
    command: Sequence[str]
    colour: int = 37  # ANSI foreground
    environment: Mapping[str, str] = field(default_factory=dict)
    death_signal: signal.Signals = signal.SIGKILL


class Console:
    """Lines with a coloured prefix, so that four processes share one terminal readably."""

    def __init__(self, *, width: int = 6, colours: bool | None = None) -> None:
        self.width = width
        self.colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ if colours is None else colours

    def line(self, name: str, text: str, *, colour: int = 37) -> None:
        """Print one line. A closed terminal is no reason to end."""
        prefix = f"{name:<{self.width}} | "
        if self.colours:
            prefix = f"\033[{colour}m{prefix}\033[0m"
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.write(f"{prefix}{text}\n")
            sys.stdout.flush()


class Child:
    """One program that is kept running."""

    def __init__(self, program: Program, console: Console) -> None:
        self.program = program
        self.console = console
        self.process: asyncio.subprocess.Process | None = None
        self.stopping = False
        self.restarting = False

    def say(self, text: str) -> None:
        self.console.line(self.program.name, text, colour=self.program.colour)

    async def keep_running(self) -> None:
        """Start it, and start it again whenever it ends, until `stop` is called."""
        pause = FIRST_PAUSE_SECONDS
        while not self.stopping:
            started = time.monotonic()
            self.restarting = False
            code = await self.run_once()
            if self.stopping:
                return
            if self.restarting:
                continue
            if time.monotonic() - started > STEADY_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            self.say(f"ended {_how(code)}; starting it again in {pause:g} s")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def restart(self) -> None:
        """Ask it to end; it is started again at once."""
        self.restarting = True
        if self.process is not None:
            self._signal(signal.SIGTERM)

    async def stop(self) -> None:
        """Ask it to stop; kill it and all that it started if it does not."""
        self.stopping = True
        if self.process is None:
            return
        self._signal(signal.SIGTERM)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.process.wait(), STOP_SECONDS)
        self._signal(signal.SIGKILL)
        await self.process.wait()

    async def run_once(self) -> int:
        """Run it to its end; gives its exit code, below 0 for a signal."""
        self.process = await asyncio.create_subprocess_exec(
            *tethered(self.program.command, death_signal=self.program.death_signal),
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.program.environment},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops them in order.
        )
        relay = asyncio.create_task(self._relay(self.process))
        try:
            code = await self.process.wait()
        finally:
            self._signal(signal.SIGKILL)  # it, if we are cancelled, and whatever it left in its group
        await relay
        return code

    async def _relay(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for text in _lines(process.stdout):
            self.say(text)

    def _signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


class Supervisor:
    """Children that are started in order and stopped in the opposite order, the last ones together."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.children: list[Child] = []
        self.tasks: list[asyncio.Task[None]] = []

    def start(self, program: Program) -> Child:
        """Begin to keep `program` running."""
        child = Child(program, self.console)
        self.children.append(child)
        self.tasks.append(asyncio.create_task(child.keep_running(), name=program.name))
        return child

    async def stop(self, *, last: Child | None = None) -> None:
        """Stop every child together, and `last` (which the others need) after them."""
        await asyncio.gather(*(child.stop() for child in self.children if child is not last))
        if last is not None:
            await last.stop()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def _lines(stream: asyncio.StreamReader) -> AsyncIterator[str]:
    """Lines of any length, without their ends."""
    rest = b""
    while chunk := await stream.read(65536):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.decode(errors="replace").rstrip("\r")
    if rest:
        yield rest.decode(errors="replace")


def _how(code: int) -> str:
    if code < 0:
        return f"by signal {signal.Signals(-code).name}"
    return f"with exit code {code}"
