"""No process stays behind, however the supervisor ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from spacegame import tether
from tests.support.waiting import is_running, wait_for

# A parent that starts a tethered child, writes the child's pid, and waits to be killed.
PARENT = """
import subprocess, sys, time
from spacegame.tether import tethered
child = subprocess.Popen({command}, stdin=subprocess.PIPE)
print(child.pid, flush=True)
time.sleep(60)
"""
# A grandchild that cannot be missed: it writes its own pid and would live for a minute.
LIVE = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)"
BY_PIPE = (
    f"import sys; sys.path.insert(0, {str(Path(tether.__file__).parent)!r});"
    "import tether; sys.exit(tether.run_with_pipe(15, sys.argv[1:]))"
)


def start_parent(command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PARENT.format(command=command)])


def pid_in(path: Path) -> int:
    return int(wait_for(lambda: path.exists() and path.read_text(), what="the child to start"))


@pytest.mark.parametrize("way", ["kernel", "pipe"])
def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path, way: str) -> None:
    if way == "kernel" and sys.platform != "linux":
        pytest.skip("only Linux can signal a child at its parent's death")
    live = [sys.executable, "-c", LIVE, str(tmp_path / "pid")]
    command = f"tethered({live!r})" if way == "kernel" else repr([sys.executable, "-c", BY_PIPE, *live])
    parent = start_parent(command)
    child = pid_in(tmp_path / "pid")
    assert is_running(child)
    parent.kill()
    parent.wait()
    wait_for(lambda: not is_running(child), what="the child to end")


def test_a_child_whose_parent_died_before_it_could_ask_does_not_start(tmp_path: Path) -> None:
    live = [sys.executable, "-c", LIVE, str(tmp_path / "pid")]
    orphaned = tether.tethered(live)
    orphaned[3] = "999999999"  # a parent that is not there
    assert subprocess.run(orphaned, stdin=subprocess.DEVNULL, check=False).returncode == 1
    assert not (tmp_path / "pid").exists()


def test_the_pipe_hands_on_a_request_to_stop(tmp_path: Path) -> None:
    live = [sys.executable, "-c", LIVE, str(tmp_path / "pid")]
    with subprocess.Popen([sys.executable, "-c", BY_PIPE, *live], stdin=subprocess.PIPE) as process:
        child = pid_in(tmp_path / "pid")
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(60) != 0
        assert not is_running(child)
