"""A wrong configuration ends at the start, in words, and shows no secret."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.test import override_settings

GOOD = {
    "SECRET_KEY": "k3" + "abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "play.example.org",
    "BASE_URL": "https://play.example.org",
    "HTTPS": "true",
    "EMAIL_URL": "smtp://localhost:25",
}


def manage(*arguments: str, without: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
    variables = {**os.environ, **GOOD, **environment}
    variables.pop(without, None)
    command = [sys.executable, "manage.py", *arguments]
    repository = Path(__file__).parents[2]
    return subprocess.run(command, cwd=repository, env=variables, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("DEBUG", "maybe", "DEBUG must be true or false"),
        (
            "DATABASE_URL",
            "mysql://u:hunter2@db/pizza",
            "DATABASE_URL must begin with sqlite:// or postgres://",
        ),
        ("REDIS_URL", "localhost:6379", "REDIS_URL must begin with redis://"),
        ("BROKER_URL", "amqp://u:hunter2@mq", "BROKER_URL must begin with redis:// or rediss:// or sqs://"),
        ("BASE_URL", "play.example.org", "BASE_URL must begin with http:// or https://"),
        ("EMAIL_URL", "pigeon://coop", "EMAIL_URL"),
        ("TRUSTED_PROXIES", "two", "TRUSTED_PROXIES must be a whole number"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT must be one of text, json"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_and_not_shown(name: str, value: str, hint: str) -> None:
    result = manage("check", **{name: value})
    assert result.returncode != 0
    assert hint in result.stderr
    assert "Traceback" not in result.stderr
    assert "hunter2" not in result.stderr + result.stdout


def test_all_mistakes_are_told_together() -> None:
    result = manage("check", DEBUG="maybe", REDIS_URL="x", LOG_LEVEL="LOUD")
    assert [name in result.stderr for name in ("DEBUG", "REDIS_URL", "LOG_LEVEL")] == [True] * 3


def test_production_settings_pass_the_deployment_checks() -> None:
    result = manage("check", "--deploy", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


@pytest.mark.parametrize(
    ("key", "check"), [("", "spacegame.E001"), ("short", "spacegame.E002"), ("a" * 80, "spacegame.E002")]
)
def test_a_key_that_can_be_guessed_is_an_error(key: str, check: str) -> None:
    with override_settings(SECRET_KEY=key, DEBUG=False):
        found = {message.id: message for message in run_checks(tags=["spacegame"])}
    assert "token_urlsafe" in (found[check].hint or "")


def test_an_address_in_allowed_hosts_is_an_error() -> None:
    with override_settings(ALLOWED_HOSTS=["https://play.example.org"]):
        assert "spacegame.E003" in {message.id for message in run_checks(tags=["spacegame"])}


@pytest.mark.parametrize(
    "server",
    [
        ["-m", "uvicorn", "spacegame.asgi:application", "--port", "7449"],
        ["-m", "celery", "-A", "spacegame", "worker", "-P", "solo"],
    ],
)
def test_a_server_without_a_key_does_not_start(server: list[str], repository: Path) -> None:
    environment = {**os.environ, **GOOD, "SECRET_KEY": "", "DEBUG": "false"}
    command = [sys.executable, *server]
    result = subprocess.run(
        command, cwd=repository, env=environment, capture_output=True, text=True, timeout=180, check=False
    )
    assert result.returncode != 0
    assert "SECRET_KEY is missing" in result.stderr + result.stdout
    assert "Traceback" not in result.stderr


def test_no_migration_is_missing() -> None:
    result = manage("makemigrations", "--check", "--dry-run")
    assert result.returncode == 0, result.stdout
