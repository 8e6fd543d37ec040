"""What every benchmark needs: real processes on a private directory, their CPU time, one way to report."""

import argparse
import json
import os
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PEERS = Path(__file__).resolve().parent / "peers"


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], Any], *, seconds: float, what: str) -> None:
    """Poll until `condition` is true; `TimeoutError` names `what` did not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come within {seconds:.0f} s")
        time.sleep(0.05)


def cpu_seconds(pid: int) -> float:
    """CPU time of a process since it began, its ended threads included (Linux)."""
    return time.clock_gettime(~pid << 3 | 2)


def percentile(values: Iterable[float], q: float) -> float:
    """The q-th percentile (0 to 100) by linear interpolation; NaN of nothing."""
    ordered = sorted(values)
    if not ordered:
        return float("nan")
    place = (len(ordered) - 1) * q / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


@dataclass
class Platform:
    """The real programs on a temporary directory: Redis, a migrated database, then whatever is started."""

    directory: Path
    environment: dict[str, str]
    stack: ExitStack
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *command: str, log: str) -> subprocess.Popen[bytes]:
        """Start a process that ends with the benchmark; its output goes to `<directory>/<log>.log`."""
        output = (self.directory / f"{log}.log").open("wb")
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=output, stderr=subprocess.STDOUT
        )
        self.stack.callback(_stop, process)
        return process

    def run(self, *command: str) -> str:
        """Run a command to its end; its output, or `CalledProcessError`."""
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    def web(self, port: int | None = None) -> subprocess.Popen[bytes]:
        """One web process, ready to play, run as `manage.py play` runs it."""
        port = port or self.port
        process = self.start(*_command("web", port), log=f"web-{port}")
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), seconds=30, what="the web process")
        return process

    def beat(self) -> subprocess.Popen[bytes]:
        """Celery's beat, as `manage.py play` runs it."""
        return self.start(*_command("beat", self.port), log="beat")

    def worker(self, *options: str, application: str = "spacegame") -> subprocess.Popen[bytes]:
        """One Celery worker process of all queues, as `manage.py play` runs it. It is up some time later."""
        command = [application if word == "spacegame" else word for word in _command("worker", self.port)]
        return self.start(*command, *options, log="worker")


def _command(name: str, port: int) -> list[str]:
    from spacegame.address import Address
    from spacegame.play import programs

    found = next(
        program for program in programs(Address(host="127.0.0.1", port=port)) if program.name == name
    )
    return list(found.command)


def answers(url: str) -> bool:
    """Whether a GET of `url` gives 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def platform(
    *,
    database: str = "sqlite",
    pages: bool = True,
    postgres_options: Sequence[str] = (),
    **settings: str,
) -> Iterator[Platform]:
    """A fresh platform on `sqlite` or `postgres`, with the files that pages need unless nobody looks at one.

    The environment is set for this process too.
    """
    with ExitStack() as stack:
        directory = Path(tempfile.mkdtemp(prefix="space-pizzas-bench-"))
        stack.callback(shutil.rmtree, directory, ignore_errors=True)
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "spacegame.settings",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "VAR_DIR": str(directory),
            "HTTPS": "0",
            "LOG_LEVEL": "WARNING",
            "DATABASE_URL": _database_url(database, directory, stack, postgres_options),
            "REDIS_URL": _redis_url(directory, stack),
            "PYTHONPATH": str(ROOT),
            **settings,
        }
        os.environ.update(environment)
        built = Platform(directory, environment, stack)
        built.run(sys.executable, "manage.py", "migrate", "--verbosity", "0")
        if pages:
            built.run(sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        import django

        django.setup()
        yield built


def _redis_url(directory: Path, stack: ExitStack) -> str:
    from spacegame.embedded import start_redis

    server = start_redis(directory / "redis")
    stack.callback(server.stop)
    return server.url


def _database_url(kind: str, directory: Path, stack: ExitStack, options: Sequence[str]) -> str:
    if kind == "sqlite":
        return f"sqlite:///{directory / 'db.sqlite3'}"
    from tests.support.postgres import postgres_server

    return stack.enter_context(postgres_server(durable=True, options=options))


def isolated(function: Callable[..., Any], **arguments: Any) -> Any:
    """Call a module's function in a fresh process: Django is set up for one database a process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, **arguments).result()


def npm_peer(name: str) -> Path:
    """The folder of a Node peer with its packages installed (under var/, outside of git)."""
    target = ROOT / "var" / "peers" / name
    target.mkdir(parents=True, exist_ok=True)
    for file in (PEERS / name).iterdir():
        shutil.copy(file, target)
    subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=target, check=True, capture_output=True
    )
    return target


def arguments(description: str, **defaults: float | int) -> argparse.Namespace:
    """The command line of a benchmark: `--json`, and one option for each of `defaults`."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of rows")
    for name, value in defaults.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    return parser.parse_args()


def report(figures: dict[str, Any], *, as_json: bool, bars: dict[str, str] | None = None) -> None:
    """Print the figures as rows with the bar each is held against, or as one JSON object."""
    if as_json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:32} {_shown(value):>14}   {(bars or {}).get(name, '')}")


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}"
    return str(value) if isinstance(value, bool) else f"{value:,}"
