"""`manage.py play`: the whole game from one command."""

import argparse
import asyncio
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from rooms.models import Room
from rooms.trivia.importers.loading import stock
from rooms.trivia.models import Question
from spacegame.address import Address, CannotListen, refuse_taken_port
from spacegame.checks import TAG
from spacegame.embedded import RedisUnavailable, find_redis_binary
from spacegame.play import CannotPlay, Play
from spacegame.play_environment import AlreadyPlaying, claim, prepare
from spacegame.processes import Program

SEED = Program(
    name="seed",
    command=[sys.executable, "manage.py", "seed_games", "--players=24", "--rooms=2", "--events=1500"],
)


class Command(BaseCommand):
    # All of them would load every page first; ours are about what keeps the game from starting.
    requires_system_checks = [TAG]
    help = "Start everything: Redis, web, worker and beat. Migrates, and seeds an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets phones on your network in")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--reload", action=argparse.BooleanOptionalAction, help="start again when code changes"
        )
        parser.add_argument(
            "--seed", action=argparse.BooleanOptionalAction, default=True, help="fill an empty database"
        )

    def handle(self, *args: Any, host: str, port: int, reload: bool, seed: bool, **options: Any) -> None:
        address = Address(host=host, port=port)
        try:
            refuse_taken_port(address)
            environment = prepare()
            if environment.redis_port is not None:
                find_redis_binary()  # before anything is done: without one there is no game
            with claim(environment.var_dir):
                _prepare_database()
                if seed and not Question.objects.exists():
                    stock()
                first = [SEED] if seed and _is_empty() else []
                asyncio.run(Play(address=address, environment=environment, first=first, reload=reload).run())
        except (CannotListen, CannotPlay, AlreadyPlaying, RedisUnavailable) as error:
            raise CommandError(str(error)) from error


def _prepare_database() -> None:
    executor = MigrationExecutor(connection)
    # Asked first, because migrating to where one is already takes half a second.
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    if not settings.DEBUG:
        call_command("collectstatic", interactive=False, verbosity=0)


def _is_empty() -> bool:
    return not (get_user_model().objects.exists() or Room.objects.exists())
