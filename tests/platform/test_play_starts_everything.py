"""`manage.py play`, as a stranger's first minute goes."""

import os
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from spacegame.embedded import announced_url, answers
from spacegame.play_environment import BASE_DIR
from tests.support.playing import Game, game
from tests.support.ports import free_port
from tests.support.waiting import is_running, wait_for

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
    pytest.mark.xdist_group("play"),
]


@pytest.fixture(scope="module")
def playing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Game]:
    with game(tmp_path_factory.mktemp("play"), "--no-seed") as running:
        yield running


def test_everything_runs_and_the_address_is_said_once(playing: Game) -> None:
    assert set(playing.children()) == {"redis", "web", "worker", "beat"}
    assert playing.log.count(f"Space Pizzas is open at {playing.url}/") == 1
    wait_for(lambda: _is_ok(playing), what="readiness")


def test_pages_are_served_with_their_static_files(playing: Game) -> None:
    with urllib.request.urlopen(f"{playing.url}/", timeout=60) as response:
        page = response.read().decode()
    assert "Space Pizzas" in page
    with urllib.request.urlopen(f"{playing.url}/static/js/palette.js", timeout=60) as response:
        assert "javascript" in response.headers["Content-Type"]


def test_other_commands_find_the_redis_of_the_running_game(playing: Game) -> None:
    url = announced_url(playing.var)
    assert url is not None
    assert answers(int(url.rsplit(":", 1)[1].split("/")[0]))


def test_other_commands_sign_and_seal_with_the_key_of_the_running_game(playing: Game) -> None:
    ask = [sys.executable, "-c", "from spacegame import settings; print(settings.SECRET_KEY)"]
    unset = {"VAR_DIR": str(playing.var), "READ_DOT_ENV": "false", "PATH": os.environ["PATH"]}
    asked = subprocess.run(ask, env=unset, cwd=BASE_DIR, capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == (playing.var / "secret-key").read_text().strip()


@pytest.mark.parametrize("name", ["beat", "worker", "web", "redis"])
def test_a_child_that_is_killed_comes_back(playing: Game, name: str) -> None:
    first = playing.children()[name]
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: playing.children().get(name, first) != first, what=f"another {name}")
    wait_for(lambda: _is_ok(playing), seconds=120, what="readiness")


def test_a_second_game_in_the_same_folder_is_refused_with_advice(playing: Game) -> None:
    second = Game(playing.var, free_port(), "--no-seed")
    assert second.process.wait(60) != 0
    assert "is playing already" in second.log
    assert "VAR_DIR=" in second.log


def test_a_taken_port_is_named_with_another_to_try(playing: Game, tmp_path: Path) -> None:
    second = Game(tmp_path / "var", playing.port)
    assert second.process.wait(60) != 0
    assert f"Port {playing.port} is taken" in second.log
    assert f"bin/play --port {playing.port + 1}" in second.log
    assert "Traceback" not in second.log


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_process_stays_behind(tmp_path: Path, number: signal.Signals) -> None:
    with game(tmp_path / "var", "--no-seed") as running:
        children = running.children()
        assert len(children) == 4
        code = running.stop(number)
        assert code == (-9 if number == signal.SIGKILL else 0), running.log
        for name, pid in children.items():
            wait_for(lambda pid=pid: not is_running(pid), what=f"the end of {name}")


def test_what_redis_had_is_there_after_a_kill(tmp_path: Path) -> None:
    from redis import Redis

    for count in (1, 2):
        with game(tmp_path / "var", "--no-seed") as running:
            url = announced_url(running.var)
            assert url is not None
            with Redis.from_url(url) as client:
                assert client.incr("visits") == count
                wait_for(lambda: client.info("persistence")["aof_pending_bio_fsync"] == 0)
            running.stop(signal.SIGTERM if count == 2 else signal.SIGINT)


def test_an_empty_database_is_filled_once(tmp_path: Path) -> None:
    with game(tmp_path / "var"):
        first = _players(tmp_path / "var")
    with game(tmp_path / "var") as again:
        assert _players(tmp_path / "var") == first > 0
        assert "seed" not in again.log


def _players(var: Path) -> int:
    with sqlite3.connect(var / "db.sqlite3") as database:
        count: int = database.execute("SELECT count(*) FROM accounts_user").fetchone()[0]
        return count


def _is_ok(playing: Game) -> bool:
    try:
        return bool(playing.readyz()["state"] == "ok")
    except OSError:
        return False
