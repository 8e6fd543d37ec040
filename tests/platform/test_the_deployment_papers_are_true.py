"""What docs/deploy.md and docs/deploy-aws.md tell an operator to write is what our processes understand."""

import os
import re
import subprocess
import sys
from pathlib import Path

from spacegame.settings import env

PAPERS = ("deploy.md", "deploy-aws.md")
PLACE = "/srv/space-pizzas/.venv/bin/"


def paper(repository: Path, name: str) -> str:
    return (repository / "docs" / name).read_text()


def units(repository: Path) -> list[list[str]]:
    """The command of each unit, without the place of the programs."""
    lines = [
        line for name in PAPERS for line in re.findall(r"^ExecStart=(.*)$", paper(repository, name), re.M)
    ]
    assert all(line.startswith(PLACE) for line in lines)
    return [line.removeprefix(PLACE).split() for line in lines]


def without_address(words: list[str]) -> list[str]:
    return [word for word in words if not word.startswith(("--host=", "--port="))]


def test_the_units_run_what_the_procfile_runs(repository: Path) -> None:
    procfile = dict(line.split(": ", 1) for line in (repository / "Procfile").read_text().splitlines())
    commands = [without_address(words) for words in units(repository)]
    for name in ("web", "worker", "beat"):
        assert without_address(procfile[name].split()) in commands


def test_the_consumers_unit_has_options_that_the_command_takes(repository: Path) -> None:
    (words,) = [words for words in units(repository) if words[0] == "python"]
    assert words[1:3] == ["manage.py", "consume"]
    result = subprocess.run(
        [sys.executable, *words[1:], "--help"], cwd=repository, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "--max-workers" in result.stdout


def test_every_command_that_the_papers_name_exists(repository: Path) -> None:
    command = [sys.executable, "manage.py", "help", "--commands"]
    known = subprocess.run(
        command, cwd=repository, env=dict(os.environ), capture_output=True, text=True, check=True
    ).stdout.split()
    for name in PAPERS:
        text = paper(repository, name)
        named = set(re.findall(r"manage\.py (\w+)", text)) | set(re.findall(r"^pizza (\w+)", text, re.M))
        assert named <= set(known)


def test_every_variable_that_the_papers_set_is_read(repository: Path) -> None:
    for name in PAPERS:
        blocks = re.findall(r"```sh\n(.*?)```", paper(repository, name), re.S)
        named = {variable for block in blocks for variable in re.findall(r"^([A-Z_]+)=", block, re.M)}
        assert named <= env.names


def test_nginx_knows_the_same_processes_for_rooms_and_for_pages(repository: Path) -> None:
    text = paper(repository, "deploy.md")
    upstreams = dict(re.findall(r"upstream (\w+) \{(.*?)\}", text, re.S))
    servers = {name: re.findall(r"server ([\d.:]+)", body) for name, body in upstreams.items()}
    assert servers["space_pizzas_rooms"] == servers["space_pizzas_pages"]
    started = re.findall(r"space-pizzas-web@(\d+)", text)
    assert {server.rsplit(":", 1)[1] for server in servers["space_pizzas_rooms"]} == set(started)
    assert set(re.findall(r"proxy_pass http://(\w+);", text)) == set(upstreams)
