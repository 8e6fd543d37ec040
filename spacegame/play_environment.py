"""What `manage.py play` sets before Django reads its settings, where you did not set it yourself.

DEBUG on, a SECRET_KEY that is made once and kept, and the address of the Redis that play will start.
"""

import fcntl
import functools
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import environ

from spacegame.embedded import free_port, redis_url

SECRET_FILE = "secret-key"
BASE_DIR = Path(__file__).resolve().parent.parent


@dataclass
class PlayEnvironment:
    """What was decided. `redis_port` is None when REDIS_URL names a server already."""

    var_dir: Path
    redis_port: int | None


class AlreadyPlaying(RuntimeError):
    """Another `manage.py play` uses the same VAR_DIR."""


@functools.cache
def prepare() -> PlayEnvironment:
    """Fill in the environment of this process, and so of its children; the second call gives the first's."""
    if os.environ.get("READ_DOT_ENV", "true").lower() not in ("false", "0", "no", "off"):
        environ.Env.read_env(BASE_DIR / ".env")
    var_dir = Path(os.environ.setdefault("VAR_DIR", str(BASE_DIR / "var")))
    var_dir.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DEBUG", "true")
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = kept_secret(var_dir) or _make_secret(var_dir)
    port = None
    if not os.environ.get("REDIS_URL"):
        port = free_port()
        os.environ["REDIS_URL"] = redis_url(port)
    return PlayEnvironment(var_dir=var_dir, redis_port=port)


def claim(var_dir: Path) -> IO[str]:
    """Hold `var_dir` for as long as the returned file is open; two Redis servers would spoil one file."""
    lock = (var_dir / "play.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise AlreadyPlaying(
            f"Space Pizzas is playing already, with the same {var_dir}. Stop that one first (Ctrl-C in its "
            "terminal), or give this one its own kitchen: VAR_DIR=/some/folder bin/play --port 8001"
        ) from None
    return lock


def announce_redis(var_dir: Path) -> None:
    """Let other commands, such as `manage.py seed_games`, find the Redis of the running game."""
    (var_dir / "redis" / "url").write_text(os.environ["REDIS_URL"])


def kept_secret(var_dir: Path) -> str | None:
    """The key of the game that plays in `var_dir`, for it and for the commands beside it."""
    with suppress(OSError):
        return (var_dir / SECRET_FILE).read_text().strip() or None
    return None


def _make_secret(var_dir: Path) -> str:
    """A key that is kept, so that sessions survive a restart."""
    path, secret = var_dir / SECRET_FILE, secrets.token_urlsafe(50)
    path.touch(mode=0o600)
    path.write_text(secret)
    return secret
