"""A room's settings against the schema of its game, with a friendly line for each field that does not fit."""

from typing import Any

import msgspec

from rooms.errors import BadSettings
from rooms.games import get_game
from rooms.live_game import GameSettings


def check_settings(kind: str, values: dict[str, Any]) -> GameSettings:
    """The decoded settings; `BadSettings` with a line for each wrong field."""
    try:
        game = get_game(kind)
    except KeyError:
        raise BadSettings({"kind": "We do not serve that game here."}) from None
    try:
        return msgspec.convert(values, game.settings_type)
    except msgspec.ValidationError as whole:
        raise BadSettings(_wrong_fields(game.settings_type, values) or {"": _friendly(str(whole))}) from None


def _wrong_fields(schema: type[GameSettings], values: dict[str, Any]) -> dict[str, str]:
    """Each field tried alone: msgspec stops at the first mistake, people want to hear of all."""
    known = {field.name: field for field in msgspec.structs.fields(schema)}
    wrong = {name: "This game has no such setting." for name in values if name not in known}
    for name, value in values.items():
        if name in known:
            try:
                msgspec.convert(value, known[name].type)
            except msgspec.ValidationError as error:
                wrong[name] = _friendly(str(error))
    return wrong


def _friendly(error: str) -> str:
    """msgspec's words made plain: 'Expected `int` >= 2' becomes 'Must be at least 2.'"""
    text = error.split(" - at ")[0].replace("`", "")
    for technical, plain in _PLAIN:
        text = text.replace(technical, plain)
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


_PLAIN = (
    ("Expected int >=", "Must be at least"),
    ("Expected int <=", "Must be at most"),
    ("Expected int", "Must be a whole number"),
    ("Expected bool", "Must be yes or no"),
    ("Expected str", "Must be text"),
    ("Invalid enum value", "There is no such choice:"),
    (", got str", ""),
    (", got int", ""),
    (", got null", ""),
    (", got float", ""),
)
