"""Run a command that ends when its parent does, however the parent ends.

    python -IS tether.py PARENT SIGNAL COMMAND [ARGUMENT ...]

A supervisor that is killed with SIGKILL cannot stop its children, so each child is started through
this file. On Linux the kernel is asked to send SIGNAL to the command when the parent dies, and this
file is replaced by the command. Elsewhere it stays as a thin parent that watches its standard input, a pipe
whose other end only the supervisor holds. It imports nothing of ours, so that it starts in 20 ms.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def tethered(command: Sequence[str], *, death_signal: signal.Signals = signal.SIGTERM) -> list[str]:
    """The command line that runs `command` on a tether. Start it with `stdin=PIPE` and keep that open."""
    return [sys.executable, "-IS", __file__, str(os.getpid()), str(int(death_signal)), *command]


def run_with_kernel(parent: int, death_signal: int, command: list[str]) -> None:
    """Become `command`; the kernel sends it `death_signal` when `parent` dies."""
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:  # It died before we could ask.
        sys.exit(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.execvp(command[0], command)


def run_with_pipe(death_signal: int, command: list[str]) -> int:
    """Run `command`, hand on the signals that ask to stop, and signal it at the end of our input."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda number, _frame: child.send_signal(number))

    def watch() -> None:
        while os.read(0, 64):
            pass
        child.send_signal(death_signal)

    threading.Thread(target=watch, daemon=True).start()
    return child.wait()


def main(arguments: list[str]) -> int:
    """Run the command on the tether that this system offers."""
    parent, death_signal, command = int(arguments[0]), int(arguments[1]), arguments[2:]
    if sys.platform == "linux":
        run_with_kernel(parent, death_signal, command)
    return run_with_pipe(death_signal, command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
