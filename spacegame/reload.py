"""Starting again when the code changes, for `manage.py play --reload`."""

from collections.abc import Sequence
from pathlib import Path

from watchfiles import PythonFilter, awatch

from spacegame.processes import Child, Console

BASE_DIR = Path(__file__).resolve().parent.parent
FOLDERS = [BASE_DIR / name for name in ("spacegame", "rooms", "accounts", "events")]


async def restart_on_change(children: Sequence[Child], console: Console) -> None:
    """Ask the children to end, and so to be started again, whenever Python code changes."""
    async for changes in awatch(*FOLDERS, watch_filter=PythonFilter()):
        names = ", ".join(sorted({str(Path(path).relative_to(BASE_DIR)) for _kind, path in changes}))
        console.line("play", f"{names} changed; starting again")
        for child in children:
            child.restart()
