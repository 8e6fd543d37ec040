"""What commands are told: numbers, moments, types, players and rooms, each refused with a hint."""

import argparse
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from events.contracts import CONTRACTS, contract_of
from events.places import room_of
from events.players import find_players

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment(text: str) -> datetime:
    """`10m`, `2h`, `3d` ago, or a time such as 2026-01-31T18:00 (UTC unless it says otherwise)."""
    try:
        if found := re.fullmatch(r"(\d{1,6})([smhdw])", text):
            return timezone.now() - timedelta(**{UNITS[found[2]]: int(found[1])})
        instant = parse_datetime(text) or parse_datetime(f"{text}T00:00")
    except (ValueError, OverflowError):
        instant = None
    if instant is None:
        raise argparse.ArgumentTypeError(f"{text!r} is neither such as 10m, 2h or 3d nor a date and time")
    return instant if instant.tzinfo else timezone.make_aware(instant, timezone.get_default_timezone())


def event_type(text: str) -> str:
    """A type that has a contract."""
    if contract_of(text.upper()) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no type of event; there are {', '.join(CONTRACTS)}")
    return text.upper()


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number in this range."""

    def parse(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"a whole number from {least} to {most}, please")
        return int(text)

    return parse


def actor_id(text: str | None) -> int | None:
    """A player by id or handle. Raises `CommandError` for nobody; None if nothing was asked."""
    if text is None:
        return None
    if text.isdecimal():
        return int(text)
    if player := find_players([text]).get(text):
        return player.id
    raise CommandError(f"Nobody has the handle {text!r}. It is in the address of a player's page.")


def room_id(text: str | None) -> UUID | None:
    """A room by id or code. Raises `CommandError` for none; None if nothing was asked."""
    if text is None:
        return None
    if room := room_of(text):
        return room
    raise CommandError(f"No room has the code {text!r}, and it is no room's id.")
