"""How soon one can play.

    python -m benchmarks.startup [--json]

A fresh clone of the committed tree, `bin/play`, and a browser that presses Play until its own ship flies
(pip's cache warm, as on a machine that has installed Python packages before); and `manage.py play` on a
directory that has been played in, until /readyz calls every part ok.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.harness import ROOT, arguments, free_port, median, report, wait_until

BARS = {"warm_ready_s": "under 6"}


@contextmanager
def running(command: list[str], *, cwd: Path, environment: dict[str, str]) -> Iterator[None]:
    """Run the whole game meanwhile; stopped as Ctrl-C stops it."""
    process = subprocess.Popen(
        command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def ready(port: int) -> bool:
    """Whether every part is ok."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as response:
            parts = json.load(response)["parts"]
    except (OSError, urllib.error.HTTPError):
        return False
    return all(part["state"] == "ok" for part in parts.values())


def clone_to_play() -> float:
    """Seconds from `git clone` to the own ship in a browser."""
    from benchmarks.browser import browser_page

    folder, port = Path(tempfile.mkdtemp(prefix="space-pizzas-clone-")), free_port()
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    try:
        began = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", ROOT, folder / "game"], check=True)
        command = ["bin/play", "--port", str(port)]
        with running(command, cwd=folder / "game", environment=environment):
            wait_until(lambda: ready(port), seconds=600, what="a ready game")
            with browser_page() as page:
                page.goto(f"http://127.0.0.1:{port}/")
                page.get_by_role("button", name="Play").first.click()
                page.wait_for_selector("body[data-phase=playing]")
            return time.perf_counter() - began
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def warm_ready(times: int) -> float:
    """Median seconds from `manage.py play` to ready, after a first run that made the database."""
    folder = Path(tempfile.mkdtemp(prefix="space-pizzas-warm-"))
    environment = {**os.environ, "VAR_DIR": str(folder)}
    taken = []
    try:
        for _ in range(times + 1):
            port = free_port()
            began = time.perf_counter()
            command = [sys.executable, "manage.py", "play", "--port", str(port)]
            with running(command, cwd=ROOT, environment=environment):
                wait_until(lambda port=port: ready(port), seconds=60, what="a ready game")  # type: ignore[misc]
                taken.append(time.perf_counter() - began)
        return median(taken[1:])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    options = arguments("How soon one can play.", times=3)
    figures: dict[str, Any] = {"warm_ready_s": round(warm_ready(options.times), 2)}
    figures["clone_to_play_s"] = round(clone_to_play(), 1)
    report(figures, as_json=options.json, bars=BARS)


if __name__ == "__main__":
    main()
