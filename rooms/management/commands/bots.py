"""`manage.py bots ROOM --count N`: socket clients that play like people until Ctrl-C."""

import asyncio
from contextlib import suppress
from importlib import import_module
from random import Random
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services import create_guest
from events.management.arguments import whole
from rooms.arena.pilot import SKILLS, Pilot
from rooms.arena.wing import Wing
from rooms.models import OPEN_STATUSES, Room

MOST = 100


def session_cookie(user: User) -> str:
    """A Cookie header that makes us `user`: the same session row that a login makes."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def find_room(code: str) -> Room:
    """The open arena with this code; `CommandError` says what else to try."""
    rooms = Room.objects.filter(status__in=OPEN_STATUSES)
    room = rooms.filter(code=code.strip().upper()).first()
    if room is None:
        arenas = rooms.filter(kind="arena").order_by("-created_at").values_list("code", flat=True)
        known = ", ".join(arenas[:5]) or "none yet; press Play in a browser first"
        raise CommandError(f"No open room has the code {code}. Open rooms: {known}.")
    if room.kind != "arena":
        raise CommandError(f"{room.code} plays {room.kind}; these pilots only know how to fly in an arena.")
    return room


def reasons(wings: list[Wing]) -> str:
    """Why some were sent home, each reason once."""
    return " ".join(sorted({wing.refused for wing in wings if wing.refused}))


def status(wings: list[Wing], *, url: str) -> str:
    """One line on how it goes."""
    playing, refused = sum(wing.playing for wing in wings), sum(bool(wing.refused) for wing in wings)
    parts = [f"{playing} playing", f"{sum(wing.points for wing in wings)} points"]
    if away := len(wings) - playing - refused:
        parts.append(f"{away} knocking at {url}")
    if refused:
        parts.append(f"{refused} sent home: {reasons(wings)}")
    return ", ".join(parts)


class Command(BaseCommand):
    help = "Sends guests into a room over real sockets; they play until Ctrl-C."
    shown = ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("room", metavar="ROOM", help="the room's code")
        parser.add_argument("--count", type=whole(1, MOST), default=4, help=f"how many, 1 to {MOST} (4)")
        parser.add_argument(
            "--skill", choices=list(SKILLS), default="medium", help="how well they fly (medium)"
        )
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="where the server answers")

    def handle(self, *args: Any, **options: Any) -> None:
        room, count = find_room(options["room"]), options["count"]
        wings = [self._wing(number, room=room, options=options) for number in range(count)]
        self.stdout.write(f"{count} pilots set off to {room.title} ({room.code}). Ctrl-C calls them home.")
        with suppress(KeyboardInterrupt):
            asyncio.run(self._play_all(wings, url=options["url"]))
        self.stdout.write("\nEverybody is home.")

    def _wing(self, number: int, *, room: Room, options: dict[str, Any]) -> Wing:
        pilot = Pilot(skill=options["skill"], random=Random(number))
        return Wing(url=options["url"], code=room.code, cookie=session_cookie(create_guest()), pilot=pilot)

    async def _play_all(self, wings: list[Wing], *, url: str) -> None:
        tasks = [asyncio.create_task(wing.play()) for wing in wings]
        try:
            while pending := [task for task in tasks if not task.done()]:
                self._show(status(wings, url=url))
                await asyncio.wait(pending, timeout=1)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        raise CommandError(f"Nobody could stay. {reasons(wings)}")

    def _show(self, line: str) -> None:
        """One line that a terminal overwrites; elsewhere a new line each time that it changes."""
        if self.stdout.isatty():
            self.stdout.write(f"\r{line:<79}", ending="")
        elif line != self.shown:
            self.stdout.write(line)
        self.shown = line
        self.stdout.flush()
