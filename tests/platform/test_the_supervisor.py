"""Children are restarted when they die, and all stopped together."""

import os
import signal
import sys
from pathlib import Path

import pytest

from spacegame.processes import Child, Console, Program, Supervisor
from tests.support.waiting import eventually, is_running

LIVE = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + LIVE


def program(path: Path, code: str = LIVE) -> Program:
    return Program(name="child", command=[sys.executable, "-c", code, str(path)])


async def pids(path: Path, count: int) -> list[int]:
    """The pids that were written to `path`, once there are `count` of them."""

    def whole_lines() -> list[str]:
        return path.read_text().split("\n")[:-1] if path.exists() else []

    await eventually(lambda: len(whole_lines()) >= count, what=f"{count} pids")
    return [int(line) for line in whole_lines()]


async def test_a_child_that_is_killed_is_started_again(tmp_path: Path) -> None:
    supervisor = Supervisor(Console(colours=False))
    supervisor.start(program(tmp_path / "pids"))
    (first,) = await pids(tmp_path / "pids", 1)
    os.kill(first, signal.SIGKILL)
    _, second = await pids(tmp_path / "pids", 2)
    assert is_running(second)
    await supervisor.stop()
    assert not is_running(second)


async def test_a_child_that_will_not_listen_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spacegame.processes.STOP_SECONDS", 0.2)
    supervisor = Supervisor(Console(colours=False))
    supervisor.start(program(tmp_path / "pids", STUBBORN))
    (pid,) = await pids(tmp_path / "pids", 1)
    await supervisor.stop()
    assert not is_running(pid)


async def test_what_a_child_started_does_not_outlive_it(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys;"
        f"subprocess.Popen([sys.executable, '-c', {LIVE!r}, sys.argv[1]]);"
        "import time; time.sleep(60)"
    )
    supervisor = Supervisor(Console(colours=False))
    supervisor.start(program(tmp_path / "pids", code))
    (grandchild,) = await pids(tmp_path / "pids", 1)
    await supervisor.stop()
    await eventually(lambda: not is_running(grandchild), what="the grandchild's end")


async def test_each_line_says_who_wrote_it(capsys: pytest.CaptureFixture[str]) -> None:
    code = "import sys; print('one'); print('two', file=sys.stderr); print('x' * 200_000)"
    child = Child(Program(name="web", command=[sys.executable, "-c", code]), Console(colours=False))
    assert await child.run_once() == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["web    | one", "web    | two"]
    assert lines[2] == "web    | " + "x" * 200_000


async def test_a_restart_that_is_asked_for_waits_for_nothing(tmp_path: Path) -> None:
    supervisor = Supervisor(Console(colours=False))
    child = supervisor.start(program(tmp_path / "pids"))
    await pids(tmp_path / "pids", 1)
    child.restart()
    _, second = await pids(tmp_path / "pids", 2)
    assert is_running(second)
    await supervisor.stop()
