"""What the README, the Procfile and the requirements say is what is."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from django.core.management import load_command_class
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from spacegame.address import Address
from spacegame.play import UVICORN_OPTIONS, programs
from spacegame.settings import env

MARKERS = [
    {
        "python_version": version,
        "python_full_version": f"{version}.1",
        "sys_platform": system,
        "platform_machine": machine,
    }
    for version in ("3.11", "3.12", "3.13")
    for system, machine in (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"))
]


def pinned(path: Path) -> list[Requirement]:
    lines = [line for line in path.read_text().splitlines() if line and line[0] not in " #-"]
    return [Requirement(line) for line in lines]


def test_the_readme_lists_every_variable_that_the_settings_read_and_no_other(repository: Path) -> None:
    section = (repository / "README.md").read_text().split("## Settings")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", section, re.M)) == env.names


def test_no_setting_is_read_past_the_environment_class(repository: Path) -> None:
    assert "os.environ" not in (repository / "spacegame" / "settings.py").read_text()


def test_each_direct_dependency_is_pinned_within_its_bounds_on_every_system(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text())["project"]
    wanted = {
        "requirements.txt": project["dependencies"],
        "requirements-dev.txt": project["dependencies"] + project["optional-dependencies"]["dev"],
    }
    for name, lines in wanted.items():
        pins = pinned(repository / name)
        for requirement in map(Requirement, lines):
            for system in MARKERS:
                if requirement.marker and not requirement.marker.evaluate(system):
                    continue
                found = [
                    pin
                    for pin in pins
                    if canonicalize_name(pin.name) == canonicalize_name(requirement.name)
                    and (pin.marker is None or pin.marker.evaluate(system))
                ]
                assert len(found) == 1, f"{name}: {requirement} on {system}"
                (version,) = found[0].specifier
                assert requirement.specifier.contains(version.version), f"{name}: {found[0]}"


def test_the_development_requirements_agree_with_the_others(repository: Path) -> None:
    develop = {(pin.name, pin.specifier) for pin in pinned(repository / "requirements-dev.txt")}
    assert {(pin.name, pin.specifier) for pin in pinned(repository / "requirements.txt")} <= develop


def test_the_procfile_runs_what_play_runs(repository: Path) -> None:
    lines = dict(line.split(": ", 1) for line in (repository / "Procfile").read_text().splitlines())
    for option in UVICORN_OPTIONS:
        assert option in lines["web"].split()
    for program in programs(Address(host="127.0.0.1", port=8000)):
        if program.name != "web":
            celery = list(program.command)[2:]
            assert lines[program.name] == " ".join(celery)
    for name in ("consume", "ingest"):  # which play does without: it has neither SNS nor other servers
        python, script, command, *options = lines[name].split()
        assert (python, script) == ("python", "manage.py")
        load_command_class("events", command).create_parser(script, command).parse_args(options)


def test_every_command_of_the_readme_exists(repository: Path) -> None:
    text = (repository / "README.md").read_text()
    named = set(re.findall(r"`manage\.py (\w+)", text))
    command = [sys.executable, "manage.py", "help", "--commands"]
    known = subprocess.run(
        command, cwd=repository, env=dict(os.environ), capture_output=True, text=True, check=True
    ).stdout.split()
    assert named <= set(known)
    assert {"play", "runserver"} <= named


def test_every_link_between_the_papers_leads_somewhere(repository: Path) -> None:
    for paper in [*repository.glob("*.md"), *repository.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", paper.read_text()):
            assert (paper.parent / target).exists(), f"{paper.name}: {target}"
